# Repairs a failing KMS activation: takes the licence cache away, which the service builds anew, and asks the host once.
# Started by Task Scheduler as SYSTEM. Exit codes: 0 nothing to do or activated, 1 not activated, 2 the service did not stop,
# 3 unexpected. Every request logs the events that start this task again, so all ways but one end before the request.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$windows = '55c92734-d682-4d71-983e-d6ec3f16059f'
$system32 = Join-Path $env:SystemRoot 'System32'
$cache = Join-Path $system32 'spp\store\2.0\cache\cache.dat'
$stateKey = 'HKLM:\SOFTWARE\wtgforge\SppCache'
$sppKey = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform'
$logFolder = Join-Path $env:SystemRoot 'Logs\wtgforge'
$log = Join-Path $logFolder 'spp-cache.log'
$settings = Get-Content -LiteralPath (Join-Path $PSScriptRoot 'spp-cache.json') -Raw | ConvertFrom-Json

function Write-Log([string] $Text) {
    if (-not (Test-Path -LiteralPath $logFolder)) { New-Item -Path $logFolder -ItemType Directory | Out-Null }
    if ((Test-Path -LiteralPath $log) -and (Get-Item -LiteralPath $log).Length -gt $settings.logBytes) {
        Move-Item -LiteralPath $log -Destination "$log.old" -Force
    }
    Add-Content -LiteralPath $log -Value ('{0:yyyy-MM-ddTHH:mm:ssZ} {1}' -f [DateTime]::UtcNow, $Text) -Encoding Ascii
}

# Licensed for longer than the 30 days in which a renewal is urgent; 0 minutes left with status 1 is a licence without an end.
function Test-Licensed {
    $filter = "ApplicationID='$windows' AND PartialProductKey IS NOT NULL"
    foreach ($product in @(Get-CimInstance -ClassName SoftwareLicensingProduct -Filter $filter)) {
        $left = $product.GracePeriodRemaining
        if ($product.LicenseStatus -eq 1 -and ($left -eq 0 -or $left -gt 43200)) { return $true }
    }
    return $false
}

# The HRESULT of the newest request (12288) or answer (12289): it stands first in the event's text.
function Get-LastResult {
    $filter = @{ LogName = 'Application'; ProviderName = 'Microsoft-Windows-Security-SPP'; Id = 12288, 12289 }
    $newest = @(Get-WinEvent -FilterHashtable $filter -MaxEvents 1 -ErrorAction SilentlyContinue)
    if ($newest.Count -eq 0 -or $newest[0].Properties.Count -eq 0) { return '' }
    return ([string] $newest[0].Properties[0].Value -split ',')[0].Trim()
}

function Get-Number([string] $Name) {
    if (-not (Test-Path -LiteralPath $stateKey)) { return [long] 0 }
    return [long] (Get-Item -LiteralPath $stateKey).GetValue($Name, 0)
}

function Set-State([long] $Failures, [long] $NotBefore) {
    if (-not (Test-Path -LiteralPath $stateKey)) { New-Item -Path $stateKey -Force | Out-Null }
    Set-ItemProperty -LiteralPath $stateKey -Name 'Failures' -Value $Failures -Type QWord
    Set-ItemProperty -LiteralPath $stateKey -Name 'NotBefore' -Value $NotBefore -Type QWord
}

# A wait longer than the longest one means that the clock was set back since: it does not count.
function Test-Waiting {
    $left = (Get-Number 'NotBefore') - [DateTime]::UtcNow.ToFileTimeUtc()
    return ($left -gt 0 -and $left -le $settings.longestWaitMinutes * 600000000)
}

# Notes the next wait before anything is asked, so that a run that is killed waits, too. Doubles with every failure.
function Start-Waiting([long] $Failures) {
    $minutes = [Math]::Min($settings.longestWaitMinutes, $settings.firstWaitMinutes * [Math]::Pow(2, [Math]::Min($Failures, 16)))
    Set-State ($Failures + 1) ([DateTime]::UtcNow.AddMinutes($minutes).ToFileTimeUtc())
}

# True when no host is pinned (DNS decides then) or the pinned one answers on its port.
function Test-KmsHost {
    $key = Get-Item -LiteralPath $sppKey
    $name = [string] $key.GetValue('KeyManagementServiceName', '')
    if ($name -eq '') { return $true }
    $client = New-Object System.Net.Sockets.TcpClient
    try {
        return $client.ConnectAsync($name, [int] $key.GetValue('KeyManagementServicePort', '1688')).Wait(5000)
    } catch {
        return $false
    } finally {
        $client.Close()
    }
}

function Stop-Licensing {
    for ($attempt = 1; $attempt -le 5; $attempt++) {
        Stop-Service -Name 'sppsvc' -Force -ErrorAction SilentlyContinue
        if ((Get-Service -Name 'sppsvc').Status -eq 'Stopped') { return $true }
        Start-Sleep -Seconds 5
    }
    return $false
}

function Repair-Activation {
    if (Test-Licensed) { Set-State 0 0; return 0 }
    if ((Get-LastResult) -match '^0x0+$') { return 0 }
    if (Test-Waiting) { return 0 }
    if (-not (Test-KmsHost)) { Write-Log 'the KMS host does not answer on its port; nothing done'; return 0 }

    $failures = Get-Number 'Failures'
    Start-Waiting $failures
    if (-not (Stop-Licensing)) { Write-Log 'sppsvc did not stop; nothing removed'; return 2 }
    try {
        if (Test-Path -LiteralPath $cache -PathType Leaf) {
            Remove-Item -LiteralPath $cache -Force
            Write-Log 'removed the licence cache'
        }
    } finally {
        Start-Service -Name 'sppsvc'
    }
    & (Join-Path $system32 'cscript.exe') '//nologo' '//T:300' (Join-Path $system32 'slmgr.vbs') '/ato' | Out-Null
    $code = $LASTEXITCODE
    if ($code -eq 0 -and (Test-Licensed)) { Set-State 0 0; Write-Log 'activated'; return 0 }
    Write-Log ('not activated: slmgr /ato ended with 0x{0:X8}, failure {1} in a row' -f $code, ($failures + 1))
    return 1
}

try {
    exit (Repair-Activation)
} catch {
    try { Write-Log ('unexpected: ' + $_.Exception.GetType().Name) } catch { }
    exit 3
}
