@echo off
rem Registers the licence cache task; called once by SetupComplete.cmd as SYSTEM.
setlocal
set "LOGS=%SystemRoot%\Logs\wtgforge"
if not exist "%LOGS%" mkdir "%LOGS%"
"%SystemRoot%\System32\schtasks.exe" /Create /TN "\wtgforge\spp-cache" /XML "%SystemRoot%\Setup\Scripts\wtgforge\spp-cache.xml" /RU SYSTEM /F >>"%LOGS%\first-boot.log" 2>&1
set "CODE=%ERRORLEVEL%"
rem The redirection stands first: a digit right before it would be taken for a handle.
>>"%LOGS%\first-boot.log" echo spp-cache-task: schtasks ended with %CODE%
exit /b %CODE%
