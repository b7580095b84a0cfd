variable "db_password" {
  type    = string
  default = "«{{base62:18}}»"
}

resource "aws_db_instance" "shop" {
  username = "shop"
  password = "«k9!{{base62:14}}»"
}

resource "kubernetes_secret" "shop" {
  metadata { name = "shop" }
  data = {
    password = "«{{base62:20}}»"
  }
}

resource "aws_ssm_parameter" "db" {
  name  = "/shop/db/password"
  type  = "SecureString"
  value = "«{{base62:22}}»"
}
