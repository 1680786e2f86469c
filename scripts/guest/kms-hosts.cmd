@echo off
rem Pins the first KMS host of kms-hosts.json that answers on its port, when another one is pinned. Asks for no activation.
rem Started by Task Scheduler as SYSTEM, and by spp-cache.cmd. Exit codes: 0 nothing to do or pinned, 3 the facts could not be
rem found out, else that of slmgr.
setlocal EnableExtensions DisableDelayedExpansion
set "SYS=%SystemRoot%\System32"
set "LOGS=%SystemRoot%\Logs\wtgforge"
set "LOG=%LOGS%\kms-hosts.log"
if not exist "%LOGS%" mkdir "%LOGS%"
for %%F in ("%LOG%") do if exist "%LOG%" if %%~zF gtr 262144 move /y "%LOG%" "%LOG%.old" >nul

set "STAMP="
set "PINNED=none"
set "HOST="
for /f "tokens=1,* delims==" %%A in ('%SYS%\WindowsPowerShell\v1.0\powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%~dp0kms-probe.ps1"') do call :fact "%%A" "%%B"
if not defined HOST call :log the hosts could not be looked at
if not defined HOST exit /b 3
if "%HOST%"=="none" call :log none of the hosts answers on its port
if "%HOST%"=="none" exit /b 0
if /i "%HOST%"=="%PINNED%" exit /b 0
"%SYS%\cscript.exe" //nologo //T:60 "%SYS%\slmgr.vbs" /skms %HOST% >nul 2>&1
set "CODE=%ERRORLEVEL%"
call :log pinned %HOST% in place of %PINNED%: slmgr ended with %CODE%
exit /b %CODE%

:fact
if "%~1"=="time" set "STAMP=%~2"
if "%~1"=="pinned" set "PINNED=%~2"
if "%~1"=="host" set "HOST=%~2"
exit /b 0

:log
>>"%LOG%" echo %STAMP% %*
exit /b 0
