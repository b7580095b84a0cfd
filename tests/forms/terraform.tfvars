region      = "eu-west-1"
db_password = "«k9!{{base62:14}}»"
users = {
  api_key = "«{{base62:32}}»"
}
