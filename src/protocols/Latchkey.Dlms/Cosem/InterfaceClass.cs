namespace Latchkey.Dlms.Cosem;

/// <summary>The class of a COSEM object: class_id.</summary>
/// <remarks>Numbers that are not listed are carried as they are. Source: IEC 62056-6-2.</remarks>
public enum InterfaceClass : ushort
{
    /// <summary>No class.</summary>
    None = 0,
    /// <summary>Data.</summary>
    Data = 1,
    /// <summary>Register.</summary>
    Register = 3,
    /// <summary>Extended register.</summary>
    ExtendedRegister = 4,
    /// <summary>Demand register.</summary>
    DemandRegister = 5,
    /// <summary>Register activation.</summary>
    RegisterActivation = 6,
    /// <summary>Profile generic.</summary>
    ProfileGeneric = 7,
    /// <summary>Clock.</summary>
    Clock = 8,
    /// <summary>Script table.</summary>
    ScriptTable = 9,
    /// <summary>Special days table.</summary>
    SpecialDays = 11,
    /// <summary>Association LN.</summary>
    Association = 15,
    /// <summary>SAP assignment.</summary>
    SapAssignment = 17,
    /// <summary>Image transfer.</summary>
    ImageTransfer = 18,
    /// <summary>IEC local port setup.</summary>
    LocalPort = 19,
    /// <summary>Activity calendar.</summary>
    ActivityCalendar = 20,
    /// <summary>Register monitor.</summary>
    RegisterMonitor = 21,
    /// <summary>Single action schedule.</summary>
    SingleActionSchedule = 22,
    /// <summary>IEC HDLC setup.</summary>
    HdlcSetup = 23,
    /// <summary>Auto answer.</summary>
    AutoAnswer = 28,
    /// <summary>Auto connect.</summary>
    AutoConnect = 29,
    /// <summary>Push setup.</summary>
    PushSetup = 40,
    /// <summary>TCP-UDP setup.</summary>
    TcpUdpSetup = 41,
    /// <summary>IPv4 setup.</summary>
    Ipv4Setup = 42,
    /// <summary>PPP setup.</summary>
    PppSetup = 44,
    /// <summary>GPRS modem setup.</summary>
    GprsSetup = 45,
    /// <summary>GSM diagnostic.</summary>
    GsmDiagnostic = 47,
    /// <summary>Compact data.</summary>
    CompactData = 62,
    /// <summary>Security setup.</summary>
    SecuritySetup = 64,
    /// <summary>Arbitrator.</summary>
    Arbitrator = 68,
    /// <summary>Disconnect control.</summary>
    DisconnectControl = 70,
    /// <summary>Limiter.</summary>
    Limiter = 71,
    /// <summary>NTP setup.</summary>
    NtpSetup = 100,
    /// <summary>Account.</summary>
    CosemAccount = 111,
    /// <summary>Credit.</summary>
    CosemCredit = 112,
    /// <summary>Charge.</summary>
    CosemCharge = 113,
    /// <summary>Token gateway.</summary>
    TokenGateway = 115,
    /// <summary>IEC 62055-41 attributes.</summary>
    StsAttributes = 116,
    /// <summary>Function control.</summary>
    FunctionControl = 122,
    /// <summary>Array manager.</summary>
    ArrayManager = 123,
    /// <summary>Communication port protection.</summary>
    CommunicationPortProtection = 124,
    /// <summary>LoRaWAN setup.</summary>
    LoRaWanSetup = 128,
    /// <summary>LTE monitoring.</summary>
    LteMonitoring = 151,
    /// <summary>CoAP setup.</summary>
    CoapSetup = 152,
    /// <summary>CoAP diagnostic.</summary>
    CoapDiagnostic = 153,
}
