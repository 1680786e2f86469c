@echo off
rem Runs one action of the first boot, the .cmd of that name beside this file, and notes how it ended.
rem Called by SetupComplete.cmd as SYSTEM. Every action leaves the key FirstBoot\NAME and its output in one log.
setlocal EnableExtensions DisableDelayedExpansion
set "NAME=%~1"
set "SYS=%SystemRoot%\System32"
set "LOGS=%SystemRoot%\Logs\wtgforge"
set "LOG=%LOGS%\first-boot.log"
set "KEY=HKLM\SOFTWARE\wtgforge\FirstBoot\%NAME%"
if not exist "%LOGS%" mkdir "%LOGS%"
rem "running" stays when the action hangs or the machine is switched off.
call :note running
>>"%LOG%" echo %DATE% %TIME% %NAME%: starts
rem A process of its own, so that an exit in the action does not end SetupComplete.cmd.
"%SYS%\cmd.exe" /d /c "%~dp0%NAME%.cmd" >>"%LOG%" 2>&1
set "CODE=%ERRORLEVEL%"
call :note %CODE%
rem The redirection stands first: a digit right before it would be taken for a handle.
>>"%LOG%" echo %DATE% %TIME% %NAME%: ended with %CODE%
exit /b %CODE%

:note
"%SYS%\reg.exe" add "%KEY%" /v Step /t REG_SZ /d "%NAME%" /f >nul 2>>"%LOG%"
"%SYS%\reg.exe" add "%KEY%" /v Result /t REG_SZ /d "%~1" /f >nul 2>>"%LOG%"
"%SYS%\reg.exe" add "%KEY%" /v Time /t REG_SZ /d "%DATE% %TIME%" /f >nul 2>>"%LOG%"
exit /b 0
