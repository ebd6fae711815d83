using System.Buffers.Binary;

namespace Latchkey.Metrology;

/// <summary>What reading a parameter block came to, in the order of the checks.</summary>
public enum ParameterBlockResult
{
    Ok = 0,

    /// <summary>Not as long as a block.</summary>
    WrongLength = 1,

    /// <summary>Not a block of this layout.</summary>
    UnknownLayout = 2,

    /// <summary>The checksum does not fit the bytes.</summary>
    ChecksumError = 3,

    /// <summary>A value is outside the range that the arithmetic was proved for.</summary>
    OutOfRange = 4,
}

/// <summary>The device-specific parameters of one phase as they are stored and sealed: with a counter of changes and a CRC-32C.</summary>
/// <param name="Calibration">The parameters.</param>
/// <param name="Changes">How often they were changed since manufacture.</param>
/// <remarks>
/// Little-endian: "LKMP", layout 1, changes, then the fields of <see cref="Latchkey.Metrology.Calibration"/> in their order, then the checksum of all before it.
/// Legally relevant: WELMEC 7.2, P5 to P7.
/// </remarks>
public readonly record struct ParameterBlock(Calibration Calibration, uint Changes)
{
    /// <summary>Length of a block, octets.</summary>
    public const int Length = 80;

    private const uint Mark = 0x504D_4B4C;
    private const ushort Layout = 1;

    /// <summary>The checksum that the block carries.</summary>
    public uint Checksum
    {
        get
        {
            Span<byte> block = stackalloc byte[Length];
            Write(block);
            return BinaryPrimitives.ReadUInt32LittleEndian(block[(Length - 4)..]);
        }
    }

    /// <summary>Writes the block into at least <see cref="Length"/> octets.</summary>
    public void Write(Span<byte> block)
    {
        block = block[..Length];
        block.Clear();
        Calibration c = Calibration;
        BinaryPrimitives.WriteUInt32LittleEndian(block, Mark);
        BinaryPrimitives.WriteUInt16LittleEndian(block[4..], Layout);
        BinaryPrimitives.WriteUInt32LittleEndian(block[6..], Changes);
        BinaryPrimitives.WriteInt64LittleEndian(block[10..], c.VoltagePicovolts);
        BinaryPrimitives.WriteInt64LittleEndian(block[18..], c.CurrentPicoamps);
        BinaryPrimitives.WriteInt64LittleEndian(block[26..], c.NeutralPicoamps);
        BinaryPrimitives.WriteInt32LittleEndian(block[34..], c.CurrentOffset);
        BinaryPrimitives.WriteInt32LittleEndian(block[38..], c.NeutralOffset);
        BinaryPrimitives.WriteInt32LittleEndian(block[42..], c.CurrentLagQ16);
        BinaryPrimitives.WriteInt64LittleEndian(block[46..], c.PowerOffsetMicrowatts);
        BinaryPrimitives.WriteInt64LittleEndian(block[54..], c.CurrentSquareOffset);
        BinaryPrimitives.WriteInt64LittleEndian(block[62..], c.StartingPowerMilliwatts);
        BinaryPrimitives.WriteInt32LittleEndian(block[70..], c.ImpulsesPerKwh);
        block[74] = (byte)c.Direction;
        block[75] = c.BillsLargerCurrent ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(block[76..], Crc32C.Of(block[..76]));
    }

    /// <summary>Reads a block. Never throws: it comes from a memory, or from the calibration bench.</summary>
    public static ParameterBlockResult TryRead(ReadOnlySpan<byte> block, out ParameterBlock parameters)
    {
        parameters = default;
        if (block.Length != Length) return ParameterBlockResult.WrongLength;
        if (BinaryPrimitives.ReadUInt32LittleEndian(block) != Mark || BinaryPrimitives.ReadUInt16LittleEndian(block[4..]) != Layout) return ParameterBlockResult.UnknownLayout;
        if (BinaryPrimitives.ReadUInt32LittleEndian(block[76..]) != Crc32C.Of(block[..76])) return ParameterBlockResult.ChecksumError;
        var calibration = new Calibration
        {
            VoltagePicovolts = BinaryPrimitives.ReadInt64LittleEndian(block[10..]),
            CurrentPicoamps = BinaryPrimitives.ReadInt64LittleEndian(block[18..]),
            NeutralPicoamps = BinaryPrimitives.ReadInt64LittleEndian(block[26..]),
            CurrentOffset = BinaryPrimitives.ReadInt32LittleEndian(block[34..]),
            NeutralOffset = BinaryPrimitives.ReadInt32LittleEndian(block[38..]),
            CurrentLagQ16 = BinaryPrimitives.ReadInt32LittleEndian(block[42..]),
            PowerOffsetMicrowatts = BinaryPrimitives.ReadInt64LittleEndian(block[46..]),
            CurrentSquareOffset = BinaryPrimitives.ReadInt64LittleEndian(block[54..]),
            StartingPowerMilliwatts = BinaryPrimitives.ReadInt64LittleEndian(block[62..]),
            ImpulsesPerKwh = BinaryPrimitives.ReadInt32LittleEndian(block[70..]),
            Direction = (EnergyDirection)block[74],
            BillsLargerCurrent = block[75] != 0,
        };
        if (!calibration.IsValid || block[75] > 1) return ParameterBlockResult.OutOfRange;
        parameters = new(calibration, BinaryPrimitives.ReadUInt32LittleEndian(block[6..]));
        return ParameterBlockResult.Ok;
    }
}
