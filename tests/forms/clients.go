auth := smtp.PlainAuth("", "mailer", "«k9!{{base62:12}}»", "smtp.acme.dev")
db, err := sql.Open("mysql", "shop:«{{base62:16}}»@tcp(db.acme.dev:3306)/shop")
db, err := gorm.Open(postgres.Open("host=db user=shop password=«{{base62:16}}» dbname=shop"))
err = l.Bind("cn=admin,dc=acme,dc=dev", "«{{base62:16}}»")
rdb := redis.NewClient(&redis.Options{Addr: "cache:6379", Password: "«{{base62:20}}»"})
mechanism := plain.Mechanism{Username: "svc", Password: "«{{base62:22}}»"}
