ldap_bind($ds, "cn=admin,dc=acme", "«{{base62:16}}»");
define('DB_PASSWORD', '«k9!{{base62:12}}»');
$mail->Password = '«{{base62:16}}»';
$redis->auth('«{{base62:20}}»');
$pdo = new PDO('mysql:host=db;dbname=shop', 'shop', '«{{base62:16}}»');
