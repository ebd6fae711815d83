namespace Latchkey.ModuleLink.Frames;

/// <summary>What a frame between meter and module carries.</summary>
public enum FrameType : byte
{
    /// <summary>Meter asks who is there; no payload.</summary>
    Identify = 1,

    /// <summary>Module answers with its <see cref="CapabilityDescriptor"/>.</summary>
    Descriptor = 2,

    /// <summary>A sealed message from the network for the meter.</summary>
    ToMeter = 3,

    /// <summary>A sealed message from the meter for the network.</summary>
    FromMeter = 4,

    /// <summary>The frame with this sequence number was taken; no payload.</summary>
    Taken = 5,

    /// <summary>The module's queue is full or the message too long for its link; the meter keeps it. No payload.</summary>
    Refused = 6,

    /// <summary>Asks for a sign of life, both ways; no payload. Answered by <see cref="Taken"/>.</summary>
    Ping = 7,

    /// <summary>Module to meter: signal strength (one signed byte, dBm), coverage class (one byte), registered (0 or 1).</summary>
    LinkState = 8,

    /// <summary>Meter to module: the rail goes away in 10 ms or more; no payload, no answer.</summary>
    PowerWarning = 9,

    /// <summary>Meter to module: the registers of a field bus, about once a second and only to a module that has one; no answer.</summary>
    Registers = 10,
}

/// <summary>One frame as read: a view into the reader's input.</summary>
public readonly ref struct ModuleFrame
{
    public FrameType Type { get; init; }

    /// <summary>Chosen by the sender, repeated in the answer.</summary>
    public byte Sequence { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }
}
