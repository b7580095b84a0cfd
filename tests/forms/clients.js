client.bind("cn=root,dc=acme", "«{{base62:16}}»", done);
const t = nodemailer.createTransport({ host: "smtp.acme.dev", auth: { user: "mailer", pass: "«k9!{{base62:12}}»" } });
const pool = mysql.createPool({ host: "db", user: "shop", password: "«{{base62:16}}»" });
const kafka = new Kafka({ sasl: { mechanism: "plain", username: "svc", password: "«{{base62:22}}»" } });
document.cookie = "session=«{{base36:32}}»; path=/";
axios.get(url, { headers: { Cookie: "connect.sid=«{{base36:40}}»" } });
