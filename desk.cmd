@echo off
rem Runs the Desk from a checkout on Windows; the first call installs the libraries into .venv.
rem
rem   desk                 the window
rem   desk WORDS...        the command line
rem   desk test [ARGS...]  the quality gate
rem   desk bench [ARGS...] the benchmarks
rem   desk gallery OUT     every kind of document, to be looked at
rem
rem NOT RUN: written without a Windows machine at hand, after the rules of ./desk. Clerks get the
rem installer, not this file. ASCII only, because cmd.exe loses its place in files with multi-byte
rem characters; the Chinese texts are printed by Python or come from a text file.
setlocal DisableDelayedExpansion
set "here=%~dp0"
set "here=%here:~0,-1%"
set "venv=%here%\.venv"
set "py=%venv%\Scripts\python.exe"

set "lock_hash="
for /f "skip=1 delims=" %%H in ('certutil -hashfile "%here%\requirements.txt" SHA256') do (
    if not defined lock_hash set "lock_hash=%%H"
)
set "lock_hash=%lock_hash: =%"

set "stamp="
if exist "%venv%\.desk-stamp" set /p stamp=<"%venv%\.desk-stamp"
if exist "%venv%\.desk-installing" set "stamp="
if not exist "%py%" set "stamp="
if not "%stamp%"=="%lock_hash%" goto install

:run
set "PYTHONHOME="
set "PYTHONPATH=%here%"
set "PYTHONSAFEPATH=1"
set "PYTHONNOUSERSITE=1"
set "PYTHONUTF8=1"
if "%~1"=="test" goto test
if "%~1"=="bench" goto bench
if "%~1"=="gallery" goto gallery
"%py%" -m rongchang_desk %*
exit /b %errorlevel%

:install
if exist "%venv%\.desk-installing" rmdir /s /q "%venv%"
if exist "%py%" goto libraries
set "base="
if defined PYTHON call :try "%PYTHON%"
if not defined base call :try py -3.11
if not defined base call :try python
if not defined base goto no_python
mkdir "%venv%" 2>nul
type nul >"%venv%\.desk-installing"
%base% -c "print('\u6b63\u5728\u51c6\u5907\u8fd0\u884c\u73af\u5883\uff08\u53ea\u5728\u7b2c\u4e00\u6b21\u8fd0\u884c\u65f6\u9700\u8981\uff09\u2026')" 1>&2
%base% -m venv "%venv%" 1>&2
if errorlevel 1 exit /b 3

:libraries
type nul >"%venv%\.desk-installing"
if exist "%venv%\.desk-stamp" del /q "%venv%\.desk-stamp"
set "source="
if exist "%here%\wheelhouse\" set source=--no-index --find-links "%here%\wheelhouse"
"%py%" -m pip --disable-pip-version-check --no-input install -q %source% --require-hashes --only-binary :all: -r "%here%\requirements.txt" 1>&2
if errorlevel 1 (
    "%py%" -c "print('\u7a0b\u5e8f\u5e93\u6ca1\u6709\u88c5\u597d\uff08\u89c1\u4e0a\u9762\u7684\u4fe1\u606f\uff09\u3002\u8bf7\u68c0\u67e5\u7f51\u7edc\uff0c\u6216\u628a\u7a0b\u5e8f\u5e93\u653e\u8fdb wheelhouse \u6587\u4ef6\u5939\u540e\u91cd\u8bd5\u3002')" 1>&2
    exit /b 3
)
>"%venv%\.desk-stamp" echo %lock_hash%
del /q "%venv%\.desk-installing"
goto run

:try
%* -c "import sys; sys.exit(sys.version_info[:2] != (3, 11))" >nul 2>nul
if not errorlevel 1 set base=%*
exit /b 0

:no_python
chcp 65001 >nul
type "%here%\installer\windows\no-python.txt" 1>&2
exit /b 3

:test
cd /d "%here%"
set "QT_QPA_PLATFORM=offscreen"
set "failed=0"
"%py%" -m ruff check . || set "failed=1"
"%py%" -m ruff format --check . || set "failed=1"
"%py%" -m mypy --strict rongchang_desk || set "failed=1"
call :rest %*
"%py%" -m pytest tests --ignore=tests/benchmarks -n 2 %rest% || set "failed=1"
exit /b %failed%

:gallery
"%py%" -m tests.gallery "%~2"
exit /b %errorlevel%

:bench
cd /d "%here%"
set "QT_QPA_PLATFORM=offscreen"
call :rest %*
"%py%" -m pytest tests/benchmarks -p no:xdist %rest%
exit /b %errorlevel%

:rest
rem The arguments without the first word.
set "rest="
:rest_next
shift
if [%1]==[] exit /b 0
set rest=%rest% %1
goto rest_next
