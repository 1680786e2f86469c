// Data that a KMS emulator brings along: settings, product lists, ready-made ids of hosts. Which kind of file may hold them is judged by the rule.

private rule hive
{
  condition:
    uint32(0) == 0x66676572 // "regf": the ids of this Windows stand in its own registry
}

rule emulator_settings
{
  meta:
    evidence = "settings of a KMS emulator"
  strings:
    $randomization = "RandomizationLevel" ascii wide nocase
    $whitelisting = "WhitelistingLevel" ascii wide nocase
    $protection = "PublicIPProtectionLevel" ascii wide nocase
    $build = "HostBuild" ascii wide nocase
  condition:
    2 of them and any of ($randomization, $whitelisting, $protection) and not hive
}

rule emulator_products
{
  meta:
    evidence = "a product list of a KMS emulator"
  strings:
    $group = "<CsvlkItem" ascii wide
    $item = "<KmsItem" ascii wide
  condition:
    all of them
}

rule emulator_host_ids
{
  meta:
    evidence = "ready-made ids of KMS hosts"
  strings:
    $tail = ".0000-" ascii wide
    $narrow = /[0-9]{5}-[0-9]{5}-[0-9]{3}-[0-9]{6}-03-[0-9]{4,5}-[0-9]{4,5}\.0000-[0-9]{7}/ ascii wide
  condition:
    $tail and #narrow >= 2 and not hive
}
