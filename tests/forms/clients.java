props.put("mail.smtp.password", "«{{base62:16}}»");
return new PasswordAuthentication("mailer", "«k9!{{base62:12}}»");
env.put(Context.SECURITY_CREDENTIALS, "«{{base62:16}}»");
DriverManager.getConnection("jdbc:mysql://db/shop", "shop", "«{{base62:16}}»");
dataSource.setPassword("«{{base62:17}}»");
factory.setUri("amqp://shop:«{{base62:16}}»@mq.acme.dev:5672");
producer.put("sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"svc\" password=\"«{{base62:16}}»\";");
new Jedis("cache.acme.dev").auth("«{{base62:20}}»");
