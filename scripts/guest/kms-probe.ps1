# Finds out what a batch file cannot, changes nothing, and prints one "name=value" a line:
#   now       minutes since 1970 (UTC)         time      the same moment as text
#   licensed  1 when Windows is licensed and no renewal is urgent
#   result    HRESULT of the newest activation event, "none" without one
#   pinned    the KMS host in the registry as name:port, "none" when DNS decides
#   host      the first KMS host that answers on its port as name:port, "none" when none does
# Hosts are taken from kms-hosts.json beside this file, else from the registry, else from DNS.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$windows = '55c92734-d682-4d71-983e-d6ec3f16059f'
$sppKey = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform'
$list = Join-Path $PSScriptRoot 'kms-hosts.json'
$plainHost = '^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}:[0-9]{1,5}$'

# Licensed for longer than the 30 days in which a renewal is urgent; 0 minutes left with status 1 is a licence without an end.
function Test-Licensed {
    $query = "SELECT LicenseStatus, GracePeriodRemaining FROM SoftwareLicensingProduct WHERE ApplicationID='$windows' AND PartialProductKey IS NOT NULL"
    foreach ($product in ([wmisearcher] $query).Get()) {
        $left = [long] $product['GracePeriodRemaining']
        if ([long] $product['LicenseStatus'] -eq 1 -and ($left -eq 0 -or $left -gt 43200)) { return 1 }
    }
    return 0
}

# Request (12288), answer (12289) or failure (8198): the code stands first in the event's text, as 0x... or hr=0x...
function Get-LastResult {
    $filter = @'
*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12288 or EventID=12289 or EventID=8198)]]
'@
    $query = New-Object System.Diagnostics.Eventing.Reader.EventLogQuery('Application', 'LogName', $filter.Trim())
    $query.ReverseDirection = $true
    $reader = New-Object System.Diagnostics.Eventing.Reader.EventLogReader($query)
    try {
        $newest = $reader.ReadEvent()
        if ($null -eq $newest -or $newest.Properties.Count -eq 0) { return 'none' }
        $first = [regex]::Match([string] $newest.Properties[0].Value, '^\s*(?:hr=)?(0x[0-9A-Fa-f]{1,8})\b')
        if ($first.Success) { return $first.Groups[1].Value }
        return 'none'
    } finally {
        $reader.Dispose()
    }
}

function Get-PinnedHost {
    $name = [string] [Microsoft.Win32.Registry]::GetValue($sppKey, 'KeyManagementServiceName', '')
    if ($name -eq '') { return 'none' }
    $port = [string] [Microsoft.Win32.Registry]::GetValue($sppKey, 'KeyManagementServicePort', '')
    if ($port -eq '') { $port = '1688' }
    return "${name}:$port"
}

# What nslookup prints of each record: "port = 1688" and "svr hostname = kms.corp.example".
function Get-DnsHosts {
    $domain = [string] [Microsoft.Win32.Registry]::GetValue($sppKey, 'KeyManagementServiceLookupDomain', '')
    $name = '_vlmcs._tcp'
    if ($domain -match '^[A-Za-z0-9.-]{1,253}$') { $name = "$name.$domain" }
    $port = '1688'
    $found = @()
    foreach ($line in @(& (Join-Path $env:SystemRoot 'System32\nslookup.exe') '-type=SRV' $name)) {
        if ($line -match '\bport\s*=\s*([0-9]{1,5})\s*$') { $port = $Matches[1] }
        if ($line -match '\bhostname\s*=\s*([A-Za-z0-9._-]+?)\.?\s*$') { $found += "$($Matches[1]):$port" }
    }
    return $found
}

function Test-Answer([string] $Candidate) {
    $cut = $Candidate.LastIndexOf(':')
    $client = New-Object System.Net.Sockets.TcpClient
    try {
        return $client.ConnectAsync($Candidate.Substring(0, $cut), [int] $Candidate.Substring($cut + 1)).Wait(5000)
    } catch {
        return $false
    } finally {
        $client.Close()
    }
}

function Get-AnsweringHost([string] $Pinned) {
    $candidates = @()
    if (Test-Path -LiteralPath $list -PathType Leaf) {
        $candidates = @((Get-Content -LiteralPath $list -Raw | ConvertFrom-Json).hosts)
    } elseif ($Pinned -ne 'none') {
        $candidates = @($Pinned)
    } else {
        $candidates = @(Get-DnsHosts)
    }
    foreach ($candidate in @($candidates | Select-Object -First 16)) {
        if ($candidate -match $plainHost -and (Test-Answer $candidate)) { return $candidate }
    }
    return 'none'
}

try {
    $now = [DateTime]::UtcNow
    $pinned = Get-PinnedHost
    'now={0}' -f [long] [Math]::Floor(($now - [DateTime] '1970-01-01').TotalMinutes)
    'time={0:yyyy-MM-ddTHH:mm:ssZ}' -f $now
    'licensed={0}' -f (Test-Licensed)
    'result={0}' -f (Get-LastResult)
    if ($pinned -match $plainHost) { "pinned=$pinned" } else { 'pinned=none' }
    'host={0}' -f (Get-AnsweringHost $pinned)
    exit 0
} catch {
    'unexpected={0}' -f $_.Exception.GetType().Name
    exit 3
}
