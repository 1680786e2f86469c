@echo off
rem Repairs a failing KMS activation: takes the licence cache away, which the service builds anew, and asks the host once.
rem Started by Task Scheduler as SYSTEM. Exit codes: 0 nothing to do or activated, 1 not activated, 2 the service did not stop,
rem 3 the facts could not be found out. Every request logs the events that start this task again, so all ways but one end before it.
setlocal EnableExtensions DisableDelayedExpansion
set "SYS=%SystemRoot%\System32"
set "KEY=HKLM\SOFTWARE\wtgforge\SppCache"
set "CACHE=%SYS%\spp\store\2.0\cache\cache.dat"
set "LOGS=%SystemRoot%\Logs\wtgforge"
set "LOG=%LOGS%\spp-cache.log"
if not exist "%LOGS%" mkdir "%LOGS%"
for %%F in ("%LOG%") do if exist "%LOG%" if %%~zF gtr 262144 move /y "%LOG%" "%LOG%.old" >nul

rem With a list of hosts the one that answers is pinned first.
if exist "%~dp0kms-hosts.cmd" call "%~dp0kms-hosts.cmd"
call :probe
if not defined NOW goto unknown
if not "%LICENSED%"=="1" goto failing
call :state 0 0
exit /b 0

:failing
rem The last request went well: the event that started this was not a failure.
if "%RESULT%"=="0x0" exit /b 0
if "%RESULT%"=="0x00000000" exit /b 0
call :number Failures FAILURES 0
call :number NotBefore NOTBEFORE 0
call :number FirstWait FIRST 30
call :number LongestWait LONGEST 1440
rem A wait longer than the longest one means that the clock was set back since: it does not count.
set /a LEFT=NOTBEFORE-NOW
if %LEFT% gtr 0 if %LEFT% leq %LONGEST% exit /b 0
if not "%HOST%"=="none" goto answers
call :log no KMS host answers on its port; nothing done
exit /b 0

:answers
rem The next wait is noted before anything is asked, so that a run that is killed waits, too. It doubles with every failure.
set /a COUNT=FAILURES, WAIT=FIRST
:double
if %COUNT% leq 0 goto doubled
if %WAIT% geq %LONGEST% goto doubled
set /a WAIT=WAIT*2, COUNT=COUNT-1
goto double
:doubled
if %WAIT% gtr %LONGEST% set "WAIT=%LONGEST%"
set /a NEXT=NOW+WAIT, FAILURES=FAILURES+1
call :state %FAILURES% %NEXT%

set "TRY=0"
:stop
set /a TRY=TRY+1
"%SYS%\net.exe" stop sppsvc /y >nul 2>&1
"%SYS%\sc.exe" query sppsvc | "%SYS%\find.exe" "STOPPED" >nul
if not errorlevel 1 goto stopped
if %TRY% lss 5 goto wait
call :log sppsvc did not stop; nothing removed
call :event sppsvc did not stop; the licence cache stays
exit /b 2
:wait
"%SYS%\ping.exe" -n 6 localhost >nul
goto stop

:stopped
if not exist "%CACHE%" goto start
del /f /q "%CACHE%"
if exist "%CACHE%" call :log the licence cache could not be removed
if not exist "%CACHE%" call :log removed the licence cache
:start
"%SYS%\net.exe" start sppsvc >nul 2>&1
"%SYS%\cscript.exe" //nologo //T:300 "%SYS%\slmgr.vbs" /ato >nul 2>&1
set "CODE=%ERRORLEVEL%"
call :probe
if not "%CODE%"=="0" goto refused
if not "%LICENSED%"=="1" goto refused
call :state 0 0
call :log activated
exit /b 0

:refused
call :log not activated: slmgr /ato ended with %CODE%, last event %RESULT%, failure %FAILURES% in a row, next try in %WAIT% minutes
call :event not activated: slmgr /ato ended with %CODE%, last event %RESULT%, failure %FAILURES% in a row
exit /b 1

:unknown
call :log the state of the licence could not be found out
exit /b 3

rem Facts from the probe; only the names that are known.
:probe
set "NOW="
set "STAMP="
set "LICENSED="
set "RESULT=none"
set "HOST=none"
for /f "tokens=1,* delims==" %%A in ('%SYS%\WindowsPowerShell\v1.0\powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%~dp0kms-probe.ps1"') do call :fact "%%A" "%%B"
exit /b 0

:fact
if "%~1"=="now" set "NOW=%~2"
if "%~1"=="time" set "STAMP=%~2"
if "%~1"=="licensed" set "LICENSED=%~2"
if "%~1"=="result" set "RESULT=%~2"
if "%~1"=="host" set "HOST=%~2"
exit /b 0

rem A number of the registry into a variable: name, variable, what it is when it is not there.
:number
set "%~2=%~3"
for /f "tokens=1-3" %%A in ('%SYS%\reg.exe query "%KEY%" /v %~1 2^>nul') do if "%%A"=="%~1" set /a %~2=%%C
exit /b 0

:state
"%SYS%\reg.exe" add "%KEY%" /v Failures /t REG_DWORD /d %~1 /f >nul
"%SYS%\reg.exe" add "%KEY%" /v NotBefore /t REG_DWORD /d %~2 /f >nul
exit /b 0

:log
>>"%LOG%" echo %STAMP% %*
exit /b 0

:event
"%SYS%\eventcreate.exe" /L APPLICATION /T WARNING /SO wtgforge /ID 100 /D "%*" >nul 2>&1
exit /b 0
