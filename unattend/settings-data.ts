// Which settings Windows knew in 2018, all components but the shell: by component, then by the passes in which they work.

/**
 * A setting's sub-settings stand in brackets behind it. Names and passes are facts from Microsoft's unattend reference (CC-BY-4.0,
 * December 2018), section "Valid Configuration Passes"; its plain misprints are corrected.
 */
export const SETTINGS_OF_2018 = `
Microsoft-Windows-Audio-AudioCore
  specialize: EnableCaptureMonitor
Microsoft-Windows-Audio-VolumeControl
  specialize: EnableVolumeControlWhileLocked
Microsoft-Windows-BLB-WSB-Online-Main
  specialize oobeSystem: DescriptionText1 DescriptionText2 EnableOnlineBackup Icon Link1 Link1Text Link2 Link2Text ProviderName
    ResourceDll
Microsoft-Windows-BrowserService
  generalize: MaintainServerList
Microsoft-Windows-CodeIntegrity
  offlineServicing: SKUPolicyRequired
Microsoft-Windows-CoreMmRes
  generalize specialize auditSystem auditUser oobeSystem: CameraSoundLevel NoPhysicalCameraLED
Microsoft-Windows-Deployment
  auditSystem: AuditComputerName(MustReboot Name)
  generalize specialize auditSystem oobeSystem: DeviceForm ExtendOSPartition(Extend Size)
  generalize: DuplicatorDescription
  auditUser: Generalize(ForceShutdownNow Mode)
  auditSystem auditUser oobeSystem: Reseal(ForceShutdownNow Mode)
  specialize auditUser: RunAsynchronous(RunAsynchronousCommand(Credentials(Domain Password Username) Description Order Path))
    RunSynchronous(RunSynchronousCommand(Credentials(Domain Password Username) Description Order Path WillReboot))
Microsoft-Windows-DeviceAccess
  specialize: SetRegionSpecificPrivacyAccessPolicy
Microsoft-Windows-DeviceGuard-Unattend
  offlineServicing: EnableVirtualizationBasedSecurity HypervisorEnforcedCodeIntegrity LsaCfgFlags
Microsoft-Windows-DiagCpl
  offlineServicing generalize specialize: Description Icon Link Title
Microsoft-Windows-Disk-Failure-Diagnostic-Module
  offlineServicing generalize specialize: DfdAlertTextOverride EnabledScenarioExecutionLevel
Microsoft-Windows-DNS-Client
  specialize: DNSDomain DNSSuffixSearchOrder(DomainName(Key Value)) Interfaces(Interface(DNSDomain DNSServerSearchOrder(IpAddress(Key
    Value)) DisableDynamicUpdate EnableAdapterDomainNameRegistration Identifier)) UseDomainNameDevolution
Microsoft-Windows-Embedded-BootExp
  specialize oobeSystem: DisableBootMenu DisplayDisabled HideAllBootUI HideBootLogo HideBootStatusIndicator HideBootStatusMessage
Microsoft-Windows-Embedded-EmbeddedLogon
  offlineServicing specialize: AnimationDisabled BrandingNeutral HideAutoLogonUI NoLockScreen UIVerbosityLevel
Microsoft-Windows-Embedded-KeyboardFilterService
  offlineServicing: Alt AltF4 AltSpace AltTab AltWin BrowserBack BrowserFavorites BrowserForward BrowserHome BrowserRefresh
    BrowserSearch BrowserStop ControlAltDelete ControlEscape ControlTab ControlWindowsF Ctrl CtrlF4 CtrlWin CustomFilters
    CustomScancodes DisableKeyboardFilterForAdministrators Escape F21 ForceOffAccessibility LaunchApp1 LaunchApp2 LaunchMail
    LaunchMediaSelect LeftShiftLeftAltNumLock LeftShiftLeftAltPrintScreen MediaNext MediaPlayPause MediaPrev MediaStop Shift
    ShiftControlEscape ShiftWin VolumeDown VolumeMute VolumeUp Windows WindowsB WindowsBreak WindowsC WindowsComma WindowsD WindowsDown
    WindowsE WindowsEnter WindowsEscape WindowsF WindowsF1 WindowsH WindowsHome WindowsI WindowsJ WindowsK WindowsL WindowsLeft WindowsM
    WindowsMinus WindowsO WindowsP WindowsPageDown WindowsPageUp WindowsPeriod WindowsQ WindowsR WindowsRight WindowsShiftDown
    WindowsShiftLeft WindowsShiftRight WindowsShiftUp WindowsSlash WindowsSpacebar WindowsT WindowsTab WindowsUp WindowsV WindowsW
    WindowsZ
Microsoft-Windows-Embedded-ShellLauncher
  oobeSystem: DefaultReturnCodeAction Shell UserSettings(User(AccountName CustomReturnCodeAction(CodeAction(Action ReturnCode))
    DefaultCodeReturnCodeAction Domain Key Shell))
Microsoft-Windows-Embedded-UnifiedWriteFilter
  specialize: AddAllVolume Binding BootStatusPolicy DisableAutoDefrag DomainSecretKeyPersisted OverlayCriticalThreshold OverlayFlags
    OverlayMaximumSize OverlayType OverlayWarningThreshold ProtectedVolumeList(ProtectedVolumeEntry(DriveLetter
    FileExceptionsUserDefined)) RegistryExceptionsUserDefined TSCALPersisted
Microsoft-Windows-EnhancedStorage-Adm
  specialize: TCGSecurityActivationDisabled
Microsoft-Windows-ErrorReportingCore
  specialize: DefaultConsent DisableWER
Microsoft-Windows-Fax-Service
  specialize: Fax(ArchiveFaxes ArchiveFolderName IncomingFaxesArePublic) FaxUnattend(Csid FaxPrinterIsShared ReceiveFaxes Rings
    RouteFolderName RoutePrinterName RouteToFolder RouteToPrinter SendFaxes Tsid) Receipts(FaxUserName FaxUserPassword
    SmtpNotificationsEnabled SmtpSenderAddress SmtpServerAddress SmtpServerAuthenticationMechanism SmtpServerPort)
Microsoft-Windows-GPIOButtons
  offlineServicing specialize: ConvertibleSlateMode
Microsoft-Windows-HelpAndSupport
  specialize oobeSystem: HelpAndSupport(Logo LogoURL Manufacturer SearchContent SupportSearchURL TileColor)
Microsoft-Windows-IE-ClientNetworkProtocolImplementation
  oobeSystem: CacheLimit HKLMConnectRetries HKLMConnectTimeOut HKLMContentPerUserItem HKLMCookiesPerUserItem HKLMHistoryPerUserItem
    HKLMProxyEnable HKLMProxyOverride HKLMProxyServer HKLMReceiveTimeOut HKLMSendTimeOut
Microsoft-Windows-IE-ESC
  specialize: IEHardenAdmin IEHardenUser
Microsoft-Windows-IE-InternetExplorer
  specialize: Accelerators(Accelerator(AcceleratorXML IsDefault ItemKey)) AllowedSites BlockPopups CommandLabelDisplay CompanyName
    CompatibilityViewDomains DisableAccelerators DisableDataExecutionPrevention DisableDevTools DisableFirstRunWizard
    DisableOOBAccelerators FavoriteBarItems(FavoriteBarItem(ItemKey ItemName ItemType ItemURL)) FavoritesDelete
    FavoritesList(FavoriteItem(FavID FavIconFile FavOffLine FavTitle FavURL)) FavoritesOnTop FeedList(FeedItem(FeedKey FeedTitle
    FeedURL)) FilterLevel FindProvidersURL GroupTabs Help_Page Home_Page InstalledBHOList(AddonGuidItem(AddonGuid))
    InstalledBrowserExtensions(AddonGuidItem(AddonGuid)) InstalledToolbarsList(AddonGuidItem(AddonGuid)) IntranetCompatibilityMode
    LocalIntranetSites LockToolbars MSCompatibilityMode PlaySound PreApprovedAddons(AddonGuidItem(AddonGuid)) PreapprovedAddons
    PrivacyAdvisorMode QuickLinkList(QuickLinkItem(QLID QuickLinkName QuickLinkUrl)) SearchScopes(Scope(FaviconURL PreviewURL
    ScopeDefault ScopeDisplayName ScopeKey ScopeUrl ShowSearchSuggestions SuggestionsURL SuggestionsURL_JSON)) ShowInformationBar
    ShowLeftAddressToolbar StartPages(StartPage(StartPageKey StartPageUrl)) SuggestedSitesEnabled TabProcessGrowth TrustedSites
    UserAgent Window_Title_CN
Microsoft-Windows-International-Core
  specialize oobeSystem: InputLocale SystemLocale UILanguage UILanguageFallback UserLocale
Microsoft-Windows-International-Core-WinPE
  windowsPE: InputLocale LayeredDriver SetupUILanguage(UILanguage WillShowUI) SystemLocale UILanguage UILanguageFallback UserLocale
Microsoft-Windows-LUA-Settings
  offlineServicing: EnableLUA
Microsoft-Windows-MapControl-Desktop
  specialize oobeSystem: ChinaVariantWin10
Microsoft-Windows-MediaPlayer-Core
  offlineServicing: InitialOEMServiceProvider
Microsoft-Windows-MicrosoftEdgeBrowser
  specialize: FavoriteBarItems(FavoriteBarItem(ItemKey))
Microsoft-Windows-MobilePC-Sensors-API
  specialize: AdaptiveBrightness(ALRPoints DisplayResponseInterval IlluminanceChangeSensitivity)
Microsoft-Windows-MobilePC-Sensors-API-AdaptiveBrightness
  specialize: ALRCurveVersion DefaultSliderPosition IsAutobrightnessEnabledByDefault
Microsoft-Windows-NetBT
  specialize: Interfaces(Interface(NameServerList(IpAddress(Key Value))))
Microsoft-Windows-NetworkBridge
  generalize: Bridge
Microsoft-Windows-NetworkLoadBalancing-Core
  specialize: Clusters(Cluster(BDATeam(Master ReverseHash Team) ClusterIpAddress ClusterIpToClusterMacEnabled ClusterMacAddress
    ClusterMode ClusterName ClusterNetMask DedicatedIpAddresses(IpAddress(IpAddress Key NetworkMask)) HostIdentifier
    ICMPFilteringEnabled IdentityHeartbeatPeriod InitialHostState Interface MaskSourceMacEnabled MaximumConnectionDescriptors
    MembershipHeartbeatLossTolerance MembershipHeartbeatPeriod NetBTSupportEnabled PersistedSuspendedState
    Portrules(Portrule(ClientAffinity EndPort EqualLoad HostPriority Key LoadWeight Mode Protocol StartPort Timeout VirtualIPAddress))
    UnicastInterHostCommunicationSupportEnabled VirtualIPAddresses VirtualIpAddresses(IPAddress IpAddress(IPAddress Key NetworkMask)))
    MulticastSpoofEnabled)
Microsoft-Windows-OutOfBoxExperience
  generalize specialize: DoNotOpenInitialConfigurationTasksAtLogon OemExtensionXmlFilePath
Microsoft-Windows-PartitionManager
  offlineServicing: SanPolicy
Microsoft-Windows-PnpCustomizationsNonWinPE
  offlineServicing auditSystem: DriverPaths(PathAndCredentials(Credentials(Domain Password Username) Key Path))
Microsoft-Windows-PnpCustomizationsWinPE
  windowsPE: DriverPaths(PathAndCredentials(Credentials(Domain Password Username) Key Path))
Microsoft-Windows-PnpSysprep
  generalize: DoNotCleanUpNonPresentDevices PersistAllDeviceInstalls
Microsoft-Windows-powercpl
  generalize specialize: PreferredPlan
Microsoft-Windows-Printing-Spooler-Core
  specialize: RemoveMPDW RemoveMXDW Start
Microsoft-Windows-RasServer
  specialize: ConfigurationFlags RouterType
Microsoft-Windows-RemoteAssistance-Exe
  specialize: CreateEncryptedOnlyTickets MaxTicketExpiry MaxTicketExpiryUnits fAllowFullControl fAllowToGetHelp fEnableChatControl
Microsoft-Windows-SecureStartup-FilterDriver
  offlineServicing specialize auditSystem oobeSystem: BytesDecryptedInDiskRequestOverhead MaxCryptoRequestsPerIo MaxDecryptRequests
    MaxEncryptRequests PreventDeviceEncryption SlicedEncryptionInPlace SlicedEncryptionMax SlicedEncryptionMinSize
    WriteIoAggregateMaxSize WriteIoAggregateMinSize WriteSubrequestLength
Microsoft-Windows-Security-SPP
  generalize: SkipRearm
Microsoft-Windows-Security-SPP-UX
  specialize auditSystem oobeSystem: ReferralId
  specialize: SkipAutoActivation
Microsoft-Windows-ServerManager-SvrMgrNc
  generalize specialize: DoNotOpenServerManagerAtLogon
Microsoft-Windows-Setup
  windowsPE: ComplianceCheck(DisplayReport) Diagnostics(OptIn) DiskConfiguration(DisableEncryptedDiskProvisioning
    Disk(CreatePartitions(CreatePartition(Extend Order Size Type)) DiskID ModifyPartitions(ModifyPartition(Active Extend Format Label
    Letter Order PartitionID TypeID)) WillWipeDisk) WillShowUI) Display(ColorDepth HorizontalResolution RefreshRate VerticalResolution)
    DynamicUpdate(Enable WillShowUI) EnableFirewall EnableNetwork ImageInstall(DataImage(InstallFrom(Credentials(Domain Password
    Username) MetaData(Key Value) Path) InstallTo(DiskID PartitionID) Order) OSImage(Compact InstallFrom(Credentials(Domain Password
    Username) MetaData(Key Value) Path) InstallTo(DiskID PartitionID) InstallToAvailablePartition WillShowUI)) LogPath PageFile(Path
    Size) Restart RunAsynchronous(RunAsynchronousCommand(Credentials(Domain Password Username) Description Order Path))
    RunSynchronous(RunSynchronousCommand(Credentials(Domain Password UserName) Description Order Path)) UpgradeData(Upgrade WillShowUI)
    UseConfigurationSet UserData(AcceptEula FullName Organization ProductKey(Key WillShowUI))
    WindowsDeploymentServices(ImageSelection(InstallImage(Filename ImageGroup ImageName) InstallTo(DiskID PartitionID) WillShowUI)
    Login(Credentials(Domain Password Username) WillShowUI))
Microsoft-Windows-SharedAccess
  generalize: EnableICS ExternalAdapter InternalAdapter InternalIsBridge
Microsoft-Windows-shwebsvc
  oobeSystem: Description DisplayName ID Icon href
Microsoft-Windows-SMBServer
  generalize: LmAnnounce Size
Microsoft-Windows-SNMP-Agent-Service
  generalize specialize: EnableAuthenticationTraps PermittedManagers(A1) RFC1156Agent(sysContact sysLocation sysServices)
    TrapConfiguration(TrapConfigurationItems(Community_Name Traps)) ValidCommunities(ValidCommunity(Key Value))
Microsoft-Windows-SQMAPI
  specialize: CEIPEnabled
Microsoft-Windows-STObject
  generalize specialize: CustomPowerApplication1(Application IconID ItemName Parameters) CustomPowerApplication2(Application IconID
    ItemName Parameters) CustomPowerApplication3(Application IconID ItemName Parameters) CustomPowerApplication4(Application IconID
    ItemName Parameters) CustomPowerApplication5(Application IconID ItemName Parameters) CustomPowerApplication6(Application IconID
    ItemName Parameters) FlyoutAutoPowerScheme FlyoutPowerSaverPowerScheme
Microsoft-Windows-StorePort-RegistrySettings
  specialize auditSystem auditUser oobeSystem: TelemetryPerformanceHighResolutionTimer
Microsoft-Windows-SystemMaintenanceService
  specialize: CacheList(Cache(CacheID CacheSizeMB DiskID EnableCompression EnableEncryption PartitionID))
Microsoft-Windows-SystemRestore-Main
  specialize: DisableSR
Microsoft-Windows-SystemSettingsThreshold
  generalize specialize: DisplayNetworkSelection WiFiToWlan
Microsoft-Windows-TabletPC-Platform-Input-Core
  offlineServicing: AssociationData(AssociationElement(Key Value)) LinearityData(DeviceElement(Key Value)) MultiTouchEnabled
    PanningDisabled TouchGate
  offlineServicing specialize oobeSystem: HandwritingPanelDockedModeSet TouchKeyboardAutoInvokeEnabled
Microsoft-Windows-TAPISetup
  specialize: TapiConfigured TapiUnattendLocation(AreaCode CountryOrRegion DisableCallWaiting InternationalCarrierCode
    LongDistanceAccess LongDistanceCarrierCode Name OutsideAccess PulseOrToneDialing)
Microsoft-Windows-TCPIP
  windowsPE specialize: IcmpRedirectsEnabled Interfaces(Interface(Identifier Ipv4Settings(DhcpEnabled Metric RouterDiscoveryEnabled)
    Ipv6Settings(DhcpEnabled Metric RouterDiscoveryEnabled) Routes(Route(Identifier Metric NextHopAddress Prefix))
    UnicastIpAddresses(IpAddress(Key Value))))
Microsoft-Windows-TerminalServices-CentralPublishing
  oobeSystem: Port
Microsoft-Windows-TerminalServices-LicenseServer
  oobeSystem: DBPath Role
Microsoft-Windows-TerminalServices-LocalSessionManager
  offlineServicing generalize specialize: fDenyTSConnections
Microsoft-Windows-TerminalServices-Publishing-WMIProvider
  offlineServicing generalize specialize: fDisabledAllowList
Microsoft-Windows-TerminalServices-RDP-WinStationExtensions
  generalize specialize: SecurityLayer UserAuthentication
Microsoft-Windows-TerminalServices-RemoteConnectionManager
  offlineServicing generalize specialize: LicensingMode
Microsoft-Windows-TPM-Tasks
  specialize: ClearTpm
Microsoft-Windows-TwinUI
  offlineServicing: CustomProtocol
Microsoft-Windows-TwinUI-Tasks
  offlineServicing specialize oobeSystem: Hide
Microsoft-Windows-UnattendedJoin
  specialize: Identification(Credentials(Domain Password Username) DebugJoin DebugJoinOnlyOnThisError JoinDomain JoinWorkgroup
    MachineObjectOU MachinePassword Provisioning(AccountData) TimeoutPeriodInMinutes UnsecureJoin)
  offlineServicing: OfflineIdentification(Provisioning(AccountData))
Microsoft-Windows-WDF-KernelLibrary
  offlineServicing: DriverStartType
Microsoft-Windows-WiFiNetworkManager
  offlineServicing specialize oobeSystem: DefaultAutoConnectSharedState WiFiSharingFacebookInitial WiFiSharingOutlookInitial
    WiFiSharingSkypeInitial
Microsoft-Windows-WinRE-RecoveryAgent
  oobeSystem: UninstallWindowsRE
Microsoft-Windows-Wlansvc
  offlineServicing specialize oobeSystem: CoexistenceSupport NumAntennaConnected SimultaneousMultiChannelSupported
    WLANFunctionLevelDeviceResetSupported WLANPlatformLevelDeviceResetSupported
  windowsPE specialize: RadioLocation
Microsoft-Windows-WorkstationService
  generalize: AllowInsecureGuestAuth OtherDomains
  specialize: SyncDomainWithMembership
Microsoft-Windows-WPD-BusEnumService
  specialize: BTSearchIntervalOnAC BTSearchIntervalOnDC
Microsoft-Windows-WwanUI
  generalize specialize: NotInOOBE
Networking-MPSSVC-Svc
  specialize: DisableStatefulFTP DisableStatefulPPTP DomainProfile_DisableNotifications DomainProfile_EnableFirewall
    DomainProfile_LogDroppedPackets DomainProfile_LogFile DomainProfile_LogFileSize DomainProfile_LogSuccessfulConnections
    FirewallGroups(FirewallGroup(Active Group Key Profile)) PrivateProfile_DisableNotifications PrivateProfile_EnableFirewall
    PrivateProfile_LogDroppedPackets PrivateProfile_LogFile PrivateProfile_LogFileSize PrivateProfile_LogSuccessfulConnections
    PublicProfile_DisableNotifications PublicProfile_EnableFirewall PublicProfile_LogDroppedPackets PublicProfile_LogFile
    PublicProfile_LogFileSize PublicProfile_LogSuccessfulConnections
Security-Malware-Windows-Defender
  offlineServicing specialize oobeSystem: DefinitionUpdateFileSharesSources DisableAntiSpyware EnableRemoteManagedDefaults FallbackOrder
    Scan(ScanParameters ScheduleDay ScheduleTime) SignatureUpdateInterval ThreatSeverityDefaultAction(High Low Moderate Severe)
    TrustedImageIdentifier
`;
