@echo off
rem Registers the licence cache task; called once by SetupComplete.cmd as SYSTEM.
setlocal
set "LOGS=%SystemRoot%\Logs\wtgforge"
if not exist "%LOGS%" mkdir "%LOGS%"
"%SystemRoot%\System32\schtasks.exe" /Create /TN "\wtgforge\spp-cache" /XML "%SystemRoot%\Setup\Scripts\wtgforge\spp-cache.xml" /RU SYSTEM /F >>"%LOGS%\first-boot.log" 2>&1
set "CODE=%ERRORLEVEL%"
echo spp-cache-task: schtasks ended with %CODE%>>"%LOGS%\first-boot.log"
exit /b %CODE%
