namespace Latchkey.HeadEnd.Meters;

/// <summary>How well the network hears a meter, as measured, never as assumed. It decides time-outs and spacing.</summary>
/// <remarks>The numbers are stored: never renumber. The classes are those of NB-IoT coverage enhancement.</remarks>
public enum CoverageClass
{
    /// <summary>Not measured yet: time-outs are learnt from the answers.</summary>
    Unknown = 0,

    /// <summary>CE0, and every link of that kind: 4G, 5G, WiFi, RS-485 through a gateway.</summary>
    Normal = 1,

    /// <summary>CE1.</summary>
    Extended = 2,

    /// <summary>CE2.</summary>
    Extreme = 3,
}
