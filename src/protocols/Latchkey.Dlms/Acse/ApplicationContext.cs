namespace Latchkey.Dlms.Acse;

/// <summary>How objects are referenced and whether ciphering may be used: the last arc of 2.16.756.5.8.1.</summary>
/// <remarks>Source: IEC 62056-5-3, application context names.</remarks>
public enum ApplicationContext : byte
{
    /// <summary>No context was given.</summary>
    None = 0,
    /// <summary>Logical names, no ciphering.</summary>
    LogicalName = 1,
    /// <summary>Short names, no ciphering.</summary>
    ShortName = 2,
    /// <summary>Logical names with ciphering.</summary>
    LogicalNameCiphered = 3,
    /// <summary>Short names with ciphering.</summary>
    ShortNameCiphered = 4,
}

/// <summary>How the parties prove who they are: the last arc of 2.16.756.5.8.2.</summary>
/// <remarks>Source: IEC 62056-5-3, authentication mechanism names.</remarks>
public enum AuthenticationMechanism : byte
{
    /// <summary>Lowest level: no proof.</summary>
    None = 0,
    /// <summary>Low level: a password in clear.</summary>
    Low = 1,
    /// <summary>High level, by the manufacturer's own method.</summary>
    Manufacturer = 2,
    /// <summary>High level with MD5.</summary>
    Md5 = 3,
    /// <summary>High level with SHA-1.</summary>
    Sha1 = 4,
    /// <summary>High level with GMAC.</summary>
    Gmac = 5,
    /// <summary>High level with SHA-256.</summary>
    Sha256 = 6,
    /// <summary>High level with ECDSA.</summary>
    Ecdsa = 7,
}

/// <summary>What became of an association request.</summary>
/// <remarks>Source: ISO/IEC 8650-1, Associate-result.</remarks>
public enum AssociationResult : byte
{
    /// <summary>Accepted.</summary>
    Accepted = 0,
    /// <summary>Refused for good.</summary>
    RejectedPermanent = 1,
    /// <summary>Refused for now.</summary>
    RejectedTransient = 2,
}

/// <summary>Why an association request was answered as it was, as the user of ACSE says it (A1).</summary>
/// <remarks>Source: ISO/IEC 8650-1, Associate-source-diagnostic; IEC 62056-5-3.</remarks>
public enum AssociationDiagnostic : byte
{
    /// <summary>Nothing to say.</summary>
    Null = 0,
    /// <summary>No reason given.</summary>
    NoReasonGiven = 1,
    /// <summary>The application context is not supported.</summary>
    ContextNotSupported = 2,
    /// <summary>The authentication mechanism is not known.</summary>
    MechanismNotRecognised = 11,
    /// <summary>An authentication mechanism must be named.</summary>
    MechanismRequired = 12,
    /// <summary>The proof was wrong.</summary>
    AuthenticationFailure = 13,
    /// <summary>The proof is still to come: HLS passes 3 and 4.</summary>
    AuthenticationRequired = 14,
}
