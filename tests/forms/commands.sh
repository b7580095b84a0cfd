#!/bin/sh
curl -u deploy:«{{base62:16}}» https://repo.acme.dev/
curl -H "Authorization: Bearer «{{base62:40}}»" https://api.acme.dev/
curl --cookie "session=«{{base36:32}}»" https://shop.acme.dev/
curl -b 'JSESSIONID=«{{HEX:32}}»' https://shop.acme.dev/
mysql -h db -u shop -p'«k9!{{base62:12}}»' shop
mysqldump -ushop -p«k9!{{base62:10}}» shop > dump.sql
PGPASSWORD=«{{base62:16}}» psql -h db -U shop
sshpass -p '«k9!{{base62:12}}»' ssh deploy@host
redis-cli -h cache -a «{{base62:20}}» ping
docker login -u deploy -p «{{base62:20}}» registry.acme.dev
sqlcmd -S db -U sa -P '«k9!{{base62:12}}»'
mongo --username shop --password «{{base62:16}}» shop
ldapsearch -x -D "cn=admin,dc=acme" -w «{{base62:16}}» -b dc=acme
openssl enc -aes-256-cbc -pass pass:«{{base62:18}}» -in a -out b
htpasswd -b .htpasswd shop «{{base62:14}}»
echo «{{base62:18}}» | docker login --username deploy --password-stdin
wget --user=deploy --password=«{{base62:18}}» https://repo.acme.dev/
az login --service-principal -u app -p «{{base62:34}}» --tenant acme
helm install shop ./shop --set db.password=«{{base62:18}}»
kubectl create secret generic db --from-literal=password=«{{base62:18}}»
net use Z: \\srv\share «k9!{{base62:12}}» /user:ACME\deploy
