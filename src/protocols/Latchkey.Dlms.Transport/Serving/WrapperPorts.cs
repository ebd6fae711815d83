namespace Latchkey.Dlms.Transport.Serving;

/// <summary>The wrapper's port numbers.</summary>
/// <remarks>Source: IEC 62056-47.</remarks>
public static class WrapperPorts
{
    /// <summary>wPort of the management logical device.</summary>
    public const ushort ManagementDevice = 1;

    /// <summary>The TCP and UDP port of DLMS/COSEM.</summary>
    public const int WellKnown = 4059;
}
