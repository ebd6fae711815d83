using Latchkey.Dlms.Cosem;

namespace Latchkey.Meter.Cosem;

/// <summary>The names of the meter's objects.</summary>
/// <remarks>Source: IEC 62056-6-1 (OBIS).</remarks>
internal static class Obis
{
    public static readonly LogicalName Clock = new(0, 0, 1, 0, 0);
    public static readonly LogicalName LogicalDeviceName = new(0, 0, 42, 0, 0);
    public static readonly LogicalName SapAssignment = new(0, 0, 41, 0, 0);
    public static readonly LogicalName SerialNumber = new(0, 0, 96, 1, 0);
    public static readonly LogicalName SecuritySetup = new(0, 0, 43, 0, 0);
    public static readonly LogicalName InvocationCounter = new(0, 0, 43, 1, 0);
    public static readonly LogicalName Relay = new(0, 0, 96, 3, 10);
    public static readonly LogicalName RelayScripts = new(0, 0, 10, 0, 106);
    public static readonly LogicalName TokenGateway = new(0, 0, 19, 40, 0);
    public static readonly LogicalName ActiveImport = new(1, 0, 1, 8, 0);
    public static readonly LogicalName ActiveExport = new(1, 0, 2, 8, 0);
    public static readonly LogicalName ReactiveImport = new(1, 0, 3, 8, 0);
    public static readonly LogicalName ReactiveExport = new(1, 0, 4, 8, 0);
}
