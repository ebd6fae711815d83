namespace Latchkey.Meter.Hal;

/// <summary>The slot of the plug-in communication module: presence, power, and a byte pipe. Never throws.</summary>
public interface IModulePort
{
    /// <summary>True while both presence pins make contact.</summary>
    bool IsPresent { get; }

    /// <summary>The 12 V rail of the slot; inrush is limited by hardware.</summary>
    bool Powered { get; set; }

    /// <summary>Current drawn from the rail, milliampere.</summary>
    int CurrentMa { get; }

    /// <summary>Takes what has arrived, at most <paramref name="destination"/>'s length; 0 when nothing has.</summary>
    int Read(Span<byte> destination);

    /// <summary>Sends bytes; what the module is not fast enough to take is lost.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}
