// Provisioning data of an offline domain join in Base64: a pickled structure ([MS-RPCE] 2.2.6, version 1, little-endian) of some length.

rule domain_join_blob
{
  meta:
    evidence = "data that djoin makes for a computer account"
  strings:
    $head = "ARAIAMzMzM"
    $blob = /ARAIAMzMzM[A-Za-z0-9+\/\r\n]{400}/
    $head_wide = "ARAIAMzMzM" wide
    $blob_wide = /A\x00R\x00A\x00I\x00A\x00M\x00z\x00M\x00z\x00M\x00([A-Za-z0-9+\/\r\n]\x00){400}/
    $element = "<AccountData"
  condition:
    not $element and (($head and $blob) or ($head_wide and $blob_wide))
}
