using System.Buffers.Binary;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>What the controller must find again after a power cut. Kept in the journal with every operation.</summary>
public readonly record struct LoadSwitchMemory
{
    /// <summary>Bytes of the stored form.</summary>
    public const int Size = (2 * DelayState.Size) + 32;

    private const byte FailedBit = 1;
    private const byte AimsAtPeakBit = 2;

    /// <summary>A new relay, position unknown.</summary>
    public static LoadSwitchMemory Factory { get; } = new() { Opening = DelayState.Unknown, Closing = DelayState.Unknown };

    public DelayState Opening { get; init; }

    public DelayState Closing { get; init; }

    /// <summary>Learned jitter of an opening, in 2 µs; 0 where nothing has been learned. The closing's beside it.</summary>
    public byte OpeningJitter { get; init; }

    public byte ClosingJitter { get; init; }

    /// <summary>Learned strength of the opening gap against the data sheet's, fiftieths of the logarithm, and its deviation in 1/250.</summary>
    public sbyte GapShift { get; init; }

    public byte GapDeviation { get; init; }

    public long SignedMicrocoulombs { get; init; }

    public long TotalMicrocoulombs { get; init; }

    /// <summary>Pulses given in either direction.</summary>
    public int Operations { get; init; }

    /// <summary>Largest current of the makes at the voltage zero, tenths of an ampere.</summary>
    public int MakePeakDeciamps { get; init; }

    /// <summary>One bit for each of the last three makes: 1 where the current showed a flux offset.</summary>
    public byte MakeHistory { get; init; }

    public bool AimsAtPeak { get; init; }

    public bool HasFailed { get; init; }

    /// <summary>Where the contacts were left; checked against voltage and current before it is believed.</summary>
    public SwitchPosition Position { get; init; }

    /// <summary>Where they were wanted.</summary>
    public SwitchPosition Wanted { get; init; }

    public void Write(Span<byte> destination)
    {
        Opening.Write(destination);
        Closing.Write(destination[20..]);
        BinaryPrimitives.WriteInt64LittleEndian(destination[40..], SignedMicrocoulombs);
        BinaryPrimitives.WriteInt64LittleEndian(destination[48..], TotalMicrocoulombs);
        BinaryPrimitives.WriteInt32LittleEndian(destination[56..], Operations);
        BinaryPrimitives.WriteInt32LittleEndian(destination[60..], MakePeakDeciamps);
        destination[64] = MakeHistory;
        destination[65] = (byte)((HasFailed ? FailedBit : 0) | (AimsAtPeak ? AimsAtPeakBit : 0));
        destination[66] = (byte)Position;
        destination[67] = (byte)Wanted;
        destination[68] = OpeningJitter;
        destination[69] = ClosingJitter;
        destination[70] = unchecked((byte)GapShift);
        destination[71] = GapDeviation;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; anything else gives the factory state and false.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out LoadSwitchMemory memory)
    {
        memory = Factory;
        if (source.Length < Size || !DelayState.TryRead(source, out DelayState opening) || !DelayState.TryRead(source[20..], out DelayState closing))
            return false;
        long signed = BinaryPrimitives.ReadInt64LittleEndian(source[40..]), total = BinaryPrimitives.ReadInt64LittleEndian(source[48..]);
        if (total < 0 || signed > total || signed < -total || source[65] > 3 || source[66] > 2 || source[67] > 2) return false;
        memory = new()
        {
            Opening = opening,
            Closing = closing,
            SignedMicrocoulombs = signed,
            TotalMicrocoulombs = total,
            Operations = BinaryPrimitives.ReadInt32LittleEndian(source[56..]),
            MakePeakDeciamps = BinaryPrimitives.ReadInt32LittleEndian(source[60..]),
            MakeHistory = source[64],
            HasFailed = (source[65] & FailedBit) != 0,
            AimsAtPeak = (source[65] & AimsAtPeakBit) != 0,
            Position = (SwitchPosition)source[66],
            Wanted = (SwitchPosition)source[67],
            OpeningJitter = source[68],
            ClosingJitter = source[69],
            GapShift = unchecked((sbyte)source[70]),
            GapDeviation = source[71],
        };
        return true;
    }
}
