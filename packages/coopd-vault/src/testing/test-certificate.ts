/**
 * A certificate for tests, of nobody and trusted by nobody but them: `*.vault.azure.net`, `*.vault.azure.cn`,
 * `login.microsoftonline.com`, `login.chinacloudapi.cn`, `api.anthropic.com`. Made once by openssl, so that no machine needs it.
 */
export const TEST_CERTIFICATE = {
  cert: `-----BEGIN CERTIFICATE-----
MIIB9zCCAZ2gAwIBAgIUBCZJ7EumyfMk4jBRd6230ohLMjYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJQ29vcCB0ZXN0MCAXDTI2MTEyNjE1NTAzNVoYDzIxMjYxMTAy
MTU1MDM1WjAUMRIwEAYDVQQDDAlDb29wIHRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQg7syw7Uj5bdmVoz3VrQVj1+QNrQhUXwO32r6J54N9oYV2I9Hvy+Xf
vUye4Z/DhOJiq9Aj21wUugOKV2WUCp8zo4HKMIHHMB0GA1UdDgQWBBQdrIj+fxQD
yDL9imzrUk7ltqzb/DAfBgNVHSMEGDAWgBQdrIj+fxQDyDL9imzrUk7ltqzb/DAP
BgNVHRMBAf8EBTADAQH/MHQGA1UdEQRtMGuCESoudmF1bHQuYXp1cmUubmV0ghls
b2dpbi5taWNyb3NvZnRvbmxpbmUuY29tghAqLnZhdWx0LmF6dXJlLmNughZsb2dp
bi5jaGluYWNsb3VkYXBpLmNughFhcGkuYW50aHJvcGljLmNvbTAKBggqhkjOPQQD
AgNIADBFAiAlpkFUMtn7q1iIpqWjNdl5YhV3/7b4ux1qlgmVcsqY8QIhAK6qFeiS
UkDl3Wq18Y9PxB5KVFAOwkuvM14CT4pf7Yve
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6QmQdRuPRDVd5wE0
LCGVpAML6m3sCBmBN2Nw8jjlpWChRANCAAQg7syw7Uj5bdmVoz3VrQVj1+QNrQhU
XwO32r6J54N9oYV2I9Hvy+XfvUye4Z/DhOJiq9Aj21wUugOKV2WUCp8z
-----END PRIVATE KEY-----
`,
} as const;
