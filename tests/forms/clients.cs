smtp.Credentials = new NetworkCredential("mailer", "«k9!{{base62:12}}»");
var c = new NpgsqlConnection("Host=db.acme.dev;Username=shop;Password=«{{base62:16}}»;Database=shop");
var m = ConnectionMultiplexer.Connect("cache.acme.dev:6380,password=«{{base62:24}}»,ssl=True");
var f = new ConnectionFactory { HostName = "mq", UserName = "shop", Password = "«{{base62:16}}»" };
var k = new ProducerConfig { SaslUsername = "svc", SaslPassword = "«{{base62:22}}»" };
