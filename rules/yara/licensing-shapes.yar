// Programs whose shape activation/licensing-library looks at: libraries that hand on functions of the licensing client, entries of hooks.
// These only choose, in any content, because a program may stand behind something else; the export table decides. A program that imports the functions holds their names without the dot.

rule licensing_forwarders
{
  meta:
    evidence = "forwarders to functions of the licensing client"
  strings:
    $a = ".SLOpen\x00"
    $b = ".SLClose\x00"
    $c = ".SLGetSLIDList\x00"
    $d = ".SLConsumeRight\x00"
    $e = ".SLInstallLicense\x00"
    $f = ".SLGetPolicyInformation"
    $g = ".SLGetServiceInformation\x00"
    $h = ".SLGetProductSkuInformation\x00"
  condition:
    2 of them
}

rule hook_entries
{
  meta:
    evidence = "the entry of a hook"
  strings:
    $patcher = "PatcherMain" fullword
    $wide = "PatcherMainW" fullword
    $hook = "InitHook"
    $rpc = "RpcStringBindingCompose"
  condition:
    $patcher or $wide or ($hook and $rpc)
}
