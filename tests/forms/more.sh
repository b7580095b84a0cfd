sqlplus shop/«{{base62:16}}»@db.acme.dev:1521/ORCL
bq --password «{{base62:14}}» ls
psql "postgresql://shop:«{{base62:16}}»@db.acme.dev/shop"
psql "host=db.acme.dev user=shop password=«k9!{{base62:14}}»"
SNOWSQL_PWD=«{{base62:14}}» snowsql -a xy12345
MYSQL_PWD=«{{base62:14}}» mysql -u shop
mongosh "mongodb+srv://cluster0.acme.mongodb.net/" --username shop --password «{{base62:14}}»
rabbitmqctl add_user shop «{{base62:16}}»
kafka-configs --alter --add-config 'SCRAM-SHA-256=[password=«{{base62:16}}»]' --entity-type users --entity-name svc
aws ssm put-parameter --name /shop/db --type SecureString --value «{{base62:22}}»
aws secretsmanager create-secret --name db --secret-string '«{{base62:22}}»'
swaks --to a@acme.dev --auth-user mailer --auth-password «{{base62:16}}»
smbclient //srv/share -U 'deploy%«{{base62:14}}»'
mount -t cifs //srv/share /mnt -o username=deploy,password=«{{base62:14}}»
ipmitool -H bmc -U admin -P «{{base62:14}}» power on
vault login «{{base62:26}}»
xfreerdp /u:deploy /p:«{{base62:14}}» /v:host
lftp -u deploy,«{{base62:14}}» ftp.acme.dev
expect -c 'spawn ssh a@b; expect "assword:"; send "«k9!{{base62:12}}»\r"'
kubectl create secret docker-registry pull --docker-username=deploy --docker-password=«{{base62:20}}»
kubectl config set-credentials ops --token=«{{base62:40}}»
