// Which settings Windows knew in 2018, the shell component: by the passes in which they work.

/**
 * A setting's sub-settings stand in brackets behind it. Names and passes are facts from Microsoft's unattend reference (CC-BY-4.0,
 * December 2018), section "Valid Configuration Passes"; its plain misprints are corrected.
 */
export const SHELL_SETTINGS_OF_2018 = `
Microsoft-Windows-Shell-Setup
  specialize auditSystem oobeSystem: AutoLogon(Domain Enabled LogonCount Password(PlainText Value) Username) DisableAutoDaylightTimeSet
    TimeZone
  offlineServicing generalize specialize auditUser oobeSystem: BluetoothTaskbarIconEnabled OEMInformation(HelpCustomized Logo
    Manufacturer Model SupportAppURL SupportHours SupportPhone SupportURL) RegisteredOrganization RegisteredOwner
  offlineServicing specialize: ComputerName
  windowsPE offlineServicing generalize specialize auditSystem oobeSystem: ConvertibleSlateModePromptPreference SignInMode
  specialize: CopyProfile NotificationArea(PromotedIcon1(GUID Path) PromotedIcon2(GUID Path)) OEMName ProductKey
  offlineServicing specialize oobeSystem: DesktopOptimization(GoToDesktopOnSignIn ShowWindowsStoreAppsOnTaskbar)
  specialize auditSystem auditUser oobeSystem: Display(ColorDepth HorizontalResolution RefreshRate VerticalResolution) Themes(BrandIcon
    CustomDefaultThemeFile DesktopBackground ScreenSaver ThemeName UWPAppsUseLightTheme WindowColor)
    WindowsFeatures(ShowInternetExplorer ShowMediaCenter ShowWindowsMediaPlayer)
  offlineServicing generalize specialize auditSystem oobeSystem: EnableStartMenu
  oobeSystem: FirstLogonCommands(SynchronousCommand(CommandLine Description Order RequiresUserInput)) FolderLocations(ProfilesDirectory
    ProgramData) LogonCommands(AsynchronousCommand(CommandLine Description Order RequiresUserInput)) OOBE(HideEULAPage
    HideLocalAccountScreen HideOEMRegistrationScreen HideOnlineAccountScreens HideWirelessSetupInOOBE NetworkLocation OEMAppID
    ProtectYourPC UnattendEnableRetailDemo VMModeOptimizations(SkipAdministratorProfileRemoval SkipNotifyUILanguageChange
    SkipWinREInitialization)) VisualEffects(FontSmoothing SystemDefaultBackgroundColor)
  offlineServicing: OfflineUserAccounts(OfflineAdministratorPassword(PlainText Value) OfflineDomainAccounts(OfflineDomainAccount(Group
    SID)) OfflineLocalAccounts(LocalAccount(Description DisplayName Group Name Password(PlainText Value))))
  specialize auditUser oobeSystem: StartTiles(RegionalOverrides(RegionalOverride(SquareTiles(SquareTile12(FirstRunTask AppId)
    SquareOrDesktopTile1(AppIdOrPath FirstRunTask) SquareOrDesktopTile10(AppIdOrPath FirstRunTask) SquareOrDesktopTile11(AppIdOrPath
    FirstRunTask) SquareOrDesktopTile12(AppIdOrPath FirstRunTask) SquareOrDesktopTile2(AppIdOrPath FirstRunTask)
    SquareOrDesktopTile3(AppIdOrPath FirstRunTask) SquareOrDesktopTile4(AppIdOrPath FirstRunTask) SquareOrDesktopTile5(AppIdOrPath
    FirstRunTask) SquareOrDesktopTile6(AppIdOrPath FirstRunTask) SquareOrDesktopTile7(AppIdOrPath FirstRunTask)
    SquareOrDesktopTile8(AppIdOrPath FirstRunTask) SquareOrDesktopTile9(AppIdOrPath FirstRunTask) SquareTile1(AppId FirstRunTask)
    SquareTile10(AppId FirstRunTask) SquareTile11(AppId FirstRunTask) SquareTile2(AppId FirstRunTask) SquareTile3(AppId FirstRunTask)
    SquareTile4(AppId FirstRunTask) SquareTile5(AppId FirstRunTask) SquareTile6(AppId FirstRunTask) SquareTile7(AppId FirstRunTask)
    SquareTile8(AppId FirstRunTask) SquareTile9(AppId FirstRunTask)) LockScreen(Badge(AppId)) Order Regions(Region(CountryOrRegionID
    Key)) WideTiles(WideTile1(AppId FirstRunTask) WideTile2(AppId FirstRunTask) WideTile3(AppId FirstRunTask) WideTile4(AppId
    FirstRunTask) WideTile5(AppId FirstRunTask) WideTile6(AppId FirstRunTask)))) LockScreen(Badge(AppId))
    SquareTiles(SquareOrDesktopTile1(AppIdOrPath FirstRunTask) SquareOrDesktopTile10(AppIdOrPath FirstRunTask)
    SquareOrDesktopTile11(AppIdOrPath FirstRunTask) SquareOrDesktopTile12(AppIdOrPath FirstRunTask) SquareOrDesktopTile2(AppIdOrPath
    FirstRunTask) SquareOrDesktopTile3(AppIdOrPath FirstRunTask) SquareOrDesktopTile4(AppIdOrPath FirstRunTask)
    SquareOrDesktopTile5(AppIdOrPath) SquareOrDesktopTile6(AppIdOrPath FirstRunTask) SquareOrDesktopTile7(AppIdOrPath FirstRunTask)
    SquareOrDesktopTile8(AppIdOrPath FirstRunTask) SquareOrDesktopTile9(AppIdOrPath FirstRunTask) SquareTile1(AppId FirstRunTask)
    SquareTile10(AppId FirstRunTask) SquareTile11(AppId FirstRunTask) SquareTile12(AppId FirstRunTask) SquareTile2(AppId FirstRunTask)
    SquareTile3(AppId FirstRunTask) SquareTile4(AppId FirstRunTask) SquareTile5(AppId FirstRunTask) SquareTile6(AppId FirstRunTask)
    SquareTile7(AppId FirstRunTask) SquareTile8(AppId FirstRunTask) SquareTile9(AppId FirstRunTask)) WideTiles(WideTile1(AppId
    FirstRunTask) WideTile2(AppId FirstRunTask) WideTile3(AppId FirstRunTask) WideTile4(AppId FirstRunTask) WideTile5(AppId
    FirstRunTask) WideTile6(AppId FirstRunTask))) ShowPowerButtonOnStartScreen TaskbarLinks(Link0 Link1 Link2 Link3 Link4 Link5)
  auditSystem oobeSystem: UserAccounts(AdministratorPassword(PlainText Value) DomainAccounts(DomainAccountList(Domain
    DomainAccount(Group Name))) LocalAccounts(LocalAccount(Description DisplayName Group Name Password(PlainText Value))))
`;
