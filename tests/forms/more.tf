resource "azurerm_key_vault_secret" "db" {
  name         = "db-password"
  value        = "«{{base62:22}}»"
  key_vault_id = azurerm_key_vault.shop.id
}
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = "«{{base62:22}}»"
}
resource "google_secret_manager_secret_version" "db" {
  secret      = google_secret_manager_secret.db.id
  secret_data = "«{{base62:22}}»"
}
resource "github_actions_secret" "db" {
  secret_name     = "DB_PASSWORD"
  plaintext_value = "«{{base62:22}}»"
}
