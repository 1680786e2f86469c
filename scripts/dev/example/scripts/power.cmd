@echo off
rem Runs once, at first boot: the balanced scheme, whatever the reference machine had.
"%SystemRoot%\System32\powercfg.exe" /setactive SCHEME_BALANCED
exit /b %ERRORLEVEL%
