namespace Latchkey.Dlms.Security;

/// <summary>A set of algorithms.</summary>
/// <remarks>Source: IEC 62056-5-3, security suites.</remarks>
public enum SecuritySuite : byte
{
    /// <summary>AES-GCM-128; AES-128 key wrap.</summary>
    Suite0 = 0,
    /// <summary>AES-GCM-128; ECDSA and ECDH on P-256 with SHA-256; AES-128 key wrap.</summary>
    Suite1 = 1,
    /// <summary>AES-GCM-256; ECDSA and ECDH on P-384 with SHA-384; AES-256 key wrap.</summary>
    Suite2 = 2,
}

/// <summary>Sizes that follow from a suite.</summary>
public static class SecuritySuites
{
    /// <summary>Octets of its symmetric keys: 16 or 32.</summary>
    public static int KeySize(this SecuritySuite suite) => suite == SecuritySuite.Suite2 ? 32 : 16;

    /// <summary>Octets of a public key (x, y) and of a signature (R, S): 64 or 96.</summary>
    public static int PointSize(this SecuritySuite suite) => suite == SecuritySuite.Suite2 ? 96 : 64;
}
