// The heads of private keys as text. What follows must look like a key: documents and parsers name the head alone.

rule pem_private_key
{
  meta:
    evidence = "a private key in PEM form"
    literal = "PRIVATE KEY-----" // rarer than what certificates begin with, too
  strings:
    $head = "-----BEGIN "
    $key = /-----BEGIN (RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----\s{1,4}[A-Za-z0-9+\/=\r\n]{64}/
  condition:
    $head and $key
}

rule pem_encrypted_key
{
  meta:
    evidence = "an encrypted private key in PEM form"
    kind = "encrypted"
    literal = "PRIVATE KEY-----"
  strings:
    $head = "-----BEGIN "
    $key = /-----BEGIN ENCRYPTED PRIVATE KEY-----\s{1,4}[A-Za-z0-9+\/=\r\n]{64}/
    $old = /-----BEGIN (RSA|EC|DSA) PRIVATE KEY-----\s{1,4}Proc-Type: 4,ENCRYPTED/
  condition:
    $head and any of ($key, $old)
}

rule putty_key
{
  meta:
    evidence = "a private key of PuTTY"
  strings:
    $head = "PuTTY-User-Key-File-"
    $open = /PuTTY-User-Key-File-[23]: [^\r\n]{1,40}\r?\nEncryption: none/
  condition:
    $head at 0 and $open
}
