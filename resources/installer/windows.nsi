; Setup program for Windows, 64 bit. Compiled by windows_setup.py with these symbols:
;   VERSION    the program's version            PAYLOAD    folder with the frozen program
;   SETUP      file to write                    KILOBYTES  size of the payload
;   PUBLISHER  who publishes it
;   PICTURE    icon of the setup (optional)     BESIDE     ZIP file beside the setup that holds the payload (optional)
;
; At run time:  /S silent   /AllUsers or /CurrentUser   /D=C:\folder (last, without quotes)
; Nothing is written outside the chosen folder, the start menu and the keys named here.

Unicode true
ManifestDPIAware true
SetCompressor /SOLID lzma

!define NAME "Bone Age"
!define KEY "BoneAge"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${KEY}"
!define CLASS "BoneAge.Radiograph"

; For one user without rights of an administrator, or for all
!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_INSTDIR "${NAME}"
!define MULTIUSER_INSTALLMODE_DEFAULT_CURRENTUSER
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${UNINSTALL}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "UninstallString"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${UNINSTALL}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!include MultiUser.nsh
!include MUI2.nsh
!include Integration.nsh
!include LogicLib.nsh
!include x64.nsh

Name "${NAME} ${VERSION}"
OutFile "${SETUP}"
BrandingText "For research and education. Not a medical device."
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Setup of ${NAME}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!ifdef PICTURE
  !define MUI_ICON "${PICTURE}"
  !define MUI_UNICON "${PICTURE}"
!endif
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\BoneAge.exe"
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; An older version's files must not be mixed with the new ones.
!macro RemoveProgram
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\BoneAge.exe"
  Delete "$INSTDIR\bone-age.exe"
!macroend

!macro OfferFor ENDING
  WriteRegNone SHCTX "Software\Classes\${ENDING}\OpenWithProgids" "${CLASS}"
!macroend

; Keys that other programs use too stay; those that nobody uses any more go.
!macro WithdrawFor ENDING
  DeleteRegValue SHCTX "Software\Classes\${ENDING}\OpenWithProgids" "${CLASS}"
  DeleteRegKey /ifempty SHCTX "Software\Classes\${ENDING}\OpenWithProgids"
  DeleteRegKey /ifempty SHCTX "Software\Classes\${ENDING}"
!macroend

Section "Program"
!ifdef BESIDE
  ; Asked first: an older version must not be lost where the new one cannot come.
  ${IfNot} ${FileExists} "$EXEDIR\${BESIDE}"
    MessageBox MB_ICONSTOP "The file ${BESIDE} must lie beside this setup program. Copy both into one folder and start again." /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
!endif
  SetOutPath "$INSTDIR"
  !insertmacro RemoveProgram
!ifdef BESIDE
  ; tar is part of Windows 10 and later; a 32-bit setup finds the 64-bit one under Sysnative.
  StrCpy $0 "$SYSDIR\tar.exe"
  ${If} ${FileExists} "$WINDIR\Sysnative\tar.exe"
    StrCpy $0 "$WINDIR\Sysnative\tar.exe"
  ${EndIf}
  nsExec::ExecToLog '"$0" -xf "$EXEDIR\${BESIDE}" -C "$INSTDIR"'
  Pop $0
  ${If} $0 != 0
    MessageBox MB_ICONSTOP "The program could not be unpacked. Free some disk space and start again." /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
!else
  File /r "${PAYLOAD}\*"
!endif
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\BoneAge.exe"

  ; Offered for DICOM files beside the program that opens them now; nothing is taken over.
  WriteRegStr SHCTX "Software\Classes\${CLASS}" "" "Radiograph"
  WriteRegStr SHCTX "Software\Classes\${CLASS}\DefaultIcon" "" "$INSTDIR\BoneAge.exe,0"
  WriteRegStr SHCTX "Software\Classes\${CLASS}\shell\open\command" "" '"$INSTDIR\BoneAge.exe" "%1"'
  !insertmacro OfferFor ".dcm"
  !insertmacro OfferFor ".dicom"
  !insertmacro OfferFor ".ima"
  ${NotifyShell_AssocChanged}

  ; Lets `start bone-age` and Windows+R find it. The search path stays as it is: it is the administrator's.
  WriteRegStr SHCTX "Software\Microsoft\Windows\CurrentVersion\App Paths\bone-age.exe" "" "$INSTDIR\bone-age.exe"

  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\BoneAge.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
SectionEnd

; Settings and own models of the users stay. The folder itself goes only if nothing else lies in it.
Section "Uninstall"
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey SHCTX "Software\Classes\${CLASS}"
  !insertmacro WithdrawFor ".dcm"
  !insertmacro WithdrawFor ".dicom"
  !insertmacro WithdrawFor ".ima"
  ${NotifyShell_AssocChanged}
  DeleteRegKey SHCTX "Software\Microsoft\Windows\CurrentVersion\App Paths\bone-age.exe"
  DeleteRegKey SHCTX "${UNINSTALL}"
SectionEnd

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_ICONSTOP "${NAME} needs a 64-bit Windows." /SD IDOK
    Quit
  ${EndIf}
  SetRegView 64
  ; /D has filled INSTDIR already; MultiUser overwrites it.
  StrCpy $R0 $INSTDIR
  !insertmacro MULTIUSER_INIT
  ${If} $R0 != ""
    StrCpy $INSTDIR $R0
  ${EndIf}
FunctionEnd

Function un.onInit
  SetRegView 64
  !insertmacro MULTIUSER_UNINIT
FunctionEnd
