@echo off
rem The command line of an installed Eigenscope: its own Electron, run as Node, without a window.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\Eigenscope.exe" "%~dp0..\resources\app\out\main\cli.js" %*
exit /b %ERRORLEVEL%
