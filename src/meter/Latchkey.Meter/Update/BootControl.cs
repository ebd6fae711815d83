using System.Collections.Immutable;
using Latchkey.Meter.Journal;
using Latchkey.ModuleLink;

namespace Latchkey.Meter.Update;

/// <summary>The one decision that both the boot loader and the transfer keep: which image runs, which is tried, how far a transfer is.</summary>
/// <remarks>Every step of an update is one new value of this record, written whole: what a power cut leaves is the step before or the step after.</remarks>
internal sealed record BootControl
{
    /// <summary>No slot: the program that the factory put beneath both of them.</summary>
    public const byte Factory = 0xFF;
    public const int MaxIdentifier = 32;
    public const int Length = 128;
    private const byte Mark = 0xB5;

    public uint Sequence { get; init; }

    /// <summary>The slot whose image has proved itself.</summary>
    public byte Active { get; init; } = Factory;

    /// <summary>The slot that is being tried, or <see cref="Factory"/> for none.</summary>
    public byte Trial { get; init; } = Factory;

    /// <summary>Starts that the tried image still has to prove itself.</summary>
    public byte TrialStarts { get; init; }

    public ImageTransferStatus Status { get; init; }

    public ImageVerdict Verdict { get; init; }

    /// <summary>Bytes of the image under transfer.</summary>
    public uint TransferSize { get; init; }

    /// <summary>Tells the blocks of this transfer from those of an earlier one.</summary>
    public uint TransferId { get; init; }

    public ImmutableArray<byte> Identifier { get; init; } = [];

    /// <summary>The slot that a transfer fills: never the one that runs.</summary>
    public byte Spare => Active == 0 ? (byte)1 : (byte)0;

    public void Write(Span<byte> destination, int copy)
    {
        destination[..Length].Clear();
        var output = new ByteWriter(destination);
        output.Byte(Mark);
        output.Byte((byte)copy);
        output.UInt32(Sequence);
        output.Byte(Active);
        output.Byte(Trial);
        output.Byte(TrialStarts);
        output.Byte((byte)Status);
        output.Byte((byte)Verdict);
        output.UInt32(TransferSize);
        output.UInt32(TransferId);
        output.Byte((byte)Identifier.Length);
        output.Bytes(Identifier.AsSpan());
        output = new ByteWriter(destination[(Length - sizeof(uint))..]);
        output.UInt32(Crc32C.Compute(destination[..(Length - sizeof(uint))]));
    }

    public static BootControl? Read(ReadOnlySpan<byte> bytes, int copy)
    {
        var input = new ByteReader(bytes);
        if (input.Byte() != Mark || input.Byte() != copy) return null;
        var crc = new ByteReader(bytes[(Length - sizeof(uint))..]);
        if (crc.UInt32() != Crc32C.Compute(bytes[..(Length - sizeof(uint))])) return null;
        var read = new BootControl
        {
            Sequence = input.UInt32(),
            Active = input.Byte(),
            Trial = input.Byte(),
            TrialStarts = input.Byte(),
            Status = (ImageTransferStatus)input.Byte(),
            Verdict = (ImageVerdict)input.Byte(),
            TransferSize = input.UInt32(),
            TransferId = input.UInt32(),
        };
        int length = Math.Min(input.Byte(), (byte)MaxIdentifier);
        return read with { Identifier = [.. input.Bytes(length)] };
    }

    public bool Equals(BootControl? other) => other is not null
        && (Sequence, Active, Trial, TrialStarts, Status, Verdict, TransferSize, TransferId)
            == (other.Sequence, other.Active, other.Trial, other.TrialStarts, other.Status, other.Verdict, other.TransferSize, other.TransferId)
        && Identifier.AsSpan().SequenceEqual(other.Identifier.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Sequence, Active, Trial, Status);
}
