using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>How far the transfer of an image is.</summary>
/// <remarks>Source: IEC 62056-6-2, Image transfer (class_id 18), image_transfer_status.</remarks>
public enum ImageTransferStatus : byte
{
    /// <summary>Nothing begun.</summary>
    NotInitiated = 0,
    /// <summary>Blocks are taken.</summary>
    Initiated = 1,
    /// <summary>Being verified.</summary>
    VerificationInitiated = 2,
    /// <summary>Whole and genuine.</summary>
    VerificationSuccessful = 3,
    /// <summary>Not whole or not genuine.</summary>
    VerificationFailed = 4,
    /// <summary>Being put in force.</summary>
    ActivationInitiated = 5,
    /// <summary>In force.</summary>
    ActivationSuccessful = 6,
    /// <summary>Not put in force.</summary>
    ActivationFailed = 7,
}

/// <summary>Where an image goes.</summary>
public interface IImageTarget
{
    /// <summary>Octets of a block.</summary>
    uint BlockSize { get; }

    /// <summary>Whether images are taken at all.</summary>
    bool IsEnabled { get; }

    /// <summary>How far it is.</summary>
    ImageTransferStatus Status { get; }

    /// <summary>Blocks of the image that is transferred; 0 before it began.</summary>
    int BlockCount { get; }

    /// <summary>The image that may be activated: its size, identification and signature; empty before it was verified.</summary>
    (uint Size, byte[] Identifier, byte[] Signature)? ToActivate { get; }

    /// <summary>Whether a block is here.</summary>
    bool HasBlock(int number);

    /// <summary>Allows or forbids images.</summary>
    bool TryEnable(bool enabled);

    /// <summary>Begins with an image of this name and size; what was there before is dropped.</summary>
    ActionResult Initiate(ReadOnlySpan<byte> identifier, uint size);

    /// <summary>Takes a block, from 0.</summary>
    ActionResult Take(uint number, ReadOnlySpan<byte> block);

    /// <summary>Verifies what was taken.</summary>
    ActionResult Verify();

    /// <summary>Puts it in force.</summary>
    ActionResult Activate();
}

/// <summary>Image transfer: new firmware in blocks, verified before it counts.</summary>
/// <remarks>Source: IEC 62056-6-2, Image transfer (class_id 18, version 0).</remarks>
public sealed class CosemImageTransfer(LogicalName name, IImageTarget target) : CosemObject(InterfaceClass.ImageTransfer, 0, name, 7, 4)
{
    private const int MaxShownBlocks = 16_384;
    private const int MaxIdentifier = 64;

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                writer.DoubleLongUnsigned(target.BlockSize);
                break;
            case 3:
                WriteBlocks(ref writer);
                break;
            case 4:
                writer.DoubleLongUnsigned(FirstMissing());
                break;
            case 5:
                writer.Boolean(target.IsEnabled);
                break;
            case 6:
                writer.Enum((byte)target.Status);
                break;
            default:
                WriteImage(ref writer);
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        if (attribute != 5) return DataAccessResult.ReadWriteDenied;
        if (!value.TryGetInteger(DataTag.Boolean, out long enabled)) return DataAccessResult.TypeUnmatched;
        return target.TryEnable(enabled != 0) ? DataAccessResult.Success : DataAccessResult.OtherReason;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (method >= 3)
        {
            if (!parameter.TryGetInteger(DataTag.Integer, out long zero)) return ActionResult.TypeUnmatched;
            if (zero != 0) return ActionResult.OtherReason;
            if (!target.IsEnabled) return ActionResult.TemporaryFailure;
            return method == 3 ? target.Verify() : target.Activate();
        }

        DataItems fields = parameter.Items;
        if (parameter.Tag != DataTag.Structure || parameter.Count != 2) return ActionResult.TypeUnmatched;
        if (!target.IsEnabled) return ActionResult.TemporaryFailure;
        return method == 1 ? Initiate(fields) : Take(fields);
    }

    private ActionResult Initiate(DataItems fields)
    {
        bool read = fields.TryTake(out DataView name) & fields.TryTake(DataTag.DoubleLongUnsigned, out long size);
        if (!read || name.Tag != DataTag.OctetString || !name.TryGetOctets(out ReadOnlySpan<byte> identifier)) return ActionResult.TypeUnmatched;
        return identifier.Length is 0 or > MaxIdentifier || size == 0 ? ActionResult.OtherReason : target.Initiate(identifier, (uint)size);
    }

    private ActionResult Take(DataItems fields)
    {
        bool read = fields.TryTake(DataTag.DoubleLongUnsigned, out long number) & fields.TryTake(out DataView data);
        if (!read || data.Tag != DataTag.OctetString || !data.TryGetOctets(out ReadOnlySpan<byte> block)) return ActionResult.TypeUnmatched;
        return target.Take((uint)number, block);
    }

    private void WriteBlocks(ref AxdrWriter writer)
    {
        int count = Math.Min(target.BlockCount, MaxShownBlocks);
        writer.WriteByte((byte)DataTag.BitString);
        writer.WriteLength(count);
        for (int at = 0; at < count; at += 8)
        {
            int octet = 0;
            for (int bit = 0; bit < 8 && at + bit < count; bit++) octet |= target.HasBlock(at + bit) ? 0x80 >> bit : 0;
            writer.WriteByte((byte)octet);
        }
    }

    private uint FirstMissing()
    {
        for (int block = 0; block < target.BlockCount; block++)
        {
            if (!target.HasBlock(block)) return (uint)block;
        }

        return (uint)target.BlockCount;
    }

    private void WriteImage(ref AxdrWriter writer)
    {
        if (target.ToActivate is not { } image)
        {
            writer.Array(0);
            return;
        }

        writer.Array(1);
        writer.Structure(3);
        writer.DoubleLongUnsigned(image.Size);
        writer.OctetString(image.Identifier);
        writer.OctetString(image.Signature);
    }
}
