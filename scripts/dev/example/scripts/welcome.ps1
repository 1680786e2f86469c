# Runs at each logon, as whoever logs on: a link to the company's notes on the desktop.
$ErrorActionPreference = 'Stop'
$target = Join-Path $env:SystemRoot 'Web\Corp\readme.txt'
$link = Join-Path ([Environment]::GetFolderPath('Desktop')) 'About this workspace.lnk'
if (-not (Test-Path -LiteralPath $link)) {
    $shortcut = (New-Object -ComObject WScript.Shell).CreateShortcut($link)
    $shortcut.TargetPath = $target
    $shortcut.Save()
}
exit 0
