// Constants of the KMS protocol and texts of KMS emulators. The meta values feed the ladder in activation/kms-protocol-constants.
// The keys are cut to what a signature needs. Texts count in programs only: rule files, signature databases and prose hold them too.

private rule program
{
  condition:
    uint16(0) == 0x5A4D or uint32(0) == 0x464C457F or uint32(0) == 0xFEEDFACE or uint32(0) == 0xFEEDFACF or uint32(0) == 0xBEBAFECA
}

rule kms_v4_key
{
  meta:
    evidence = "the key of KMS protocol 4"
    level = "strong"
  strings:
    $key = { 05 3D 83 07 F9 E5 F0 88 }
  condition:
    $key
}

rule kms_v5_key
{
  meta:
    evidence = "the key of KMS protocol 5"
    level = "strong"
  strings:
    $key = { CD 7E 79 6F 2A B2 5D CB }
  condition:
    $key
}

rule kms_v6_key
{
  meta:
    evidence = "the key of KMS protocol 6"
    level = "strong"
  strings:
    $key = { A9 4A 41 95 E2 01 43 2D }
  condition:
    $key
}

rule kms_interface
{
  meta:
    evidence = "the RPC interface of KMS"
    level = "weak" // analysers of network traffic hold it too
  strings:
    $uuid = { 75 21 C8 51 4E 84 50 47 B0 D8 EC 25 55 55 BC 06 }
  condition:
    $uuid
}

rule kms_product_database
{
  meta:
    evidence = "a product database of an emulator"
    level = "strong"
  strings:
    $head = { 4B 4D 44 00 00 00 02 00 }
  condition:
    $head at 0 or (program and $head)
}

rule kms_source_v4
{
  meta:
    evidence = "the key of KMS protocol 4 as source text"
    level = "strong"
    scope = "source"
  strings:
    $list = /0x0?5[uUL]{0,2},[ \t\r\n]{0,8}0x3D[uUL]{0,2},[ \t\r\n]{0,8}0x83[uUL]{0,2},[ \t\r\n]{0,8}0x0?7[uUL]{0,2},[ \t\r\n]{0,8}0xF9/ nocase
    $escape = /\\x05\\x3d\\x83\\x07\\xf9/ nocase
    $literal = /\\x05=\\x83\\x07\\xf9/ nocase
    $run = "053D8307F9E5F088" nocase
  condition:
    any of them
}

rule kms_source_v5
{
  meta:
    evidence = "the key of KMS protocol 5 as source text"
    level = "strong"
    scope = "source"
  strings:
    $list = /0xCD[uUL]{0,2},[ \t\r\n]{0,8}0x7E[uUL]{0,2},[ \t\r\n]{0,8}0x79[uUL]{0,2},[ \t\r\n]{0,8}0x6F/ nocase
    $escape = /\\xcd\\x7e\\x79\\x6f/ nocase
    $literal = /\\xcd~yo\*\\xb2/ nocase
    $run = "CD7E796F2AB25DCB" nocase
  condition:
    any of them
}

rule kms_source_v6
{
  meta:
    evidence = "the key of KMS protocol 6 as source text"
    level = "strong"
    scope = "source"
  strings:
    $list = /0xA9[uUL]{0,2},[ \t\r\n]{0,8}0x4A[uUL]{0,2},[ \t\r\n]{0,8}0x41[uUL]{0,2},[ \t\r\n]{0,8}0x95/ nocase
    $escape = /\\xa9\\x4a\\x41\\x95/ nocase
    $literal = /\\xa9JA\\x95\\xe2/ nocase
    $run = "A94A4195E201432D" nocase
  condition:
    any of them
}

rule emulator_hook_settings
{
  meta:
    evidence = "the settings of an activation hook"
    level = "strong"
    two = "certain"
  strings:
    $emulation = "KMS_Emulation" ascii wide
    $hwid = "KMS_HWID" ascii wide
    $renewal = "KMS_RenewalInterval" ascii wide
    $epid = "%05u-%05u-%03u-%06u-" ascii wide
  condition:
    program and any of them
}

rule licensing_proxy
{
  meta:
    evidence = "forwards the licensing functions to a renamed copy of Microsoft's DLL"
    level = "certain"
  strings:
    $forwarder = "SPPCS.SL" ascii
    $company = "Anomalous Software Deterioration Corporation" wide
  condition:
    program and any of them
}

rule licence_store_forger
{
  meta:
    evidence = "code that forges the licence store"
    level = "certain"
  strings:
    $library = "LibTSforge" ascii wide
    $program = "TSforgeCLI" ascii wide
  condition:
    program and any of them
}

rule licence_store_forger_source
{
  meta:
    evidence = "source text that forges the licence store"
    level = "certain"
    scope = "source"
  strings:
    $activators = "LibTSforge.Activators"
    $store = "LibTSforge.PhysicalStore"
    $tokens = "LibTSforge.TokenStore"
  condition:
    not program and any of them
}

rule emulator_builds
{
  meta:
    evidence = "texts of known emulator builds"
    level = "strong"
    two = "certain"
  strings:
    $a = "SppExtComObjHook.pdb"
    $b = "KMSELDI.pdb"
    $c = "Office 2010 Toolkit.pdb"
    $d = "TunMirror.pdb"
    $e = "\\KMS Server.pdb"
    $f = "Activation GUI for KMS Host" ascii wide
    $g = "Run KMS Emulator" ascii wide
    $h = "IsKmsClient" ascii wide fullword
    $i = "Starting KMSEmulator service" ascii wide
    $j = "KMS Server Emulator running" ascii wide
    $k = "InstallAutoKMS" ascii wide
    $l = "KMSAutoLite.Properties"
    $m = "Ratiborus" ascii wide fullword
    $n = "W10 Digital Activation Program" ascii wide
  condition:
    program and any of them
}

rule emulator_service_settings
{
  meta:
    evidence = "the settings of an emulator service"
    level = "strong"
    two = "certain"
  strings:
    $a = "DefaultKMSPID" ascii wide fullword
    $b = "RandomKMSPID" ascii wide fullword
    $c = "KillProcessOnPort" ascii wide fullword
    $d = "KMSPID" ascii wide fullword
    $e = "KMSHWID" ascii wide fullword
    $f = "364F463A8863D35F" ascii wide
    $g = "3A1C049600B60076" ascii wide
  condition:
    program and any of them
}

rule emulator_server_texts
{
  meta:
    evidence = "texts of a KMS emulator server"
    level = "strong"
    two = "certain"
  strings:
    $a = "vlmcsd default"
    $b = "randomized at program start"
    $c = "is not a KMS data file version 2.x"
    $d = "install vlmcsd as an NT service"
    $e = "<<< Incoming KMS request"
    $f = "Sending ePID ("
  condition:
    program and any of them
}

rule extended_pid
{
  meta:
    evidence = "a ready-made extended product id of a KMS host"
    level = "strong"
  strings:
    $epid = /[0-9]{5}-[0-9]{5}-[0-9]{3}-[0-9]{6}-03-[0-9]{4,5}-[0-9]{4,5}\.0000-[0-9]{7}/ ascii wide
  condition:
    program and $epid
}
