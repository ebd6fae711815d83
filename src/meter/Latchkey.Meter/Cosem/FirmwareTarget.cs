using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Update;

namespace Latchkey.Meter.Cosem;

/// <summary>The meter's firmware update as class 18 asks of it.</summary>
internal sealed class FirmwareTarget(FirmwareUpdate update) : IImageTarget
{
    public uint BlockSize => (uint)update.BlockSize;

    public bool IsEnabled => update.IsEnabled;

    public Latchkey.Dlms.Cosem.ImageTransferStatus Status => (Latchkey.Dlms.Cosem.ImageTransferStatus)update.Status;

    public int BlockCount => update.BlockCount;

    public (uint Size, byte[] Identifier, byte[] Signature)? ToActivate => update.ImagesToActivate is [var image, ..]
        ? (image.Size, image.Identification.ToArray(), image.Signature.ToArray())
        : null;

    public bool HasBlock(int number) => (update.TransferredBlocks[number / 8] & (0x80 >> (number % 8))) != 0;

    public bool TryEnable(bool enabled)
    {
        update.IsEnabled = enabled;
        return update.IsEnabled == enabled;
    }

    public ActionResult Initiate(ReadOnlySpan<byte> identifier, uint size) => ResultOf(update.Initiate(identifier, size));

    public ActionResult Take(uint number, ReadOnlySpan<byte> block) => ResultOf(update.Block(number, block));

    public ActionResult Verify() => ResultOf(update.Verify());

    public ActionResult Activate() => ResultOf(update.Activate());

    private static ActionResult ResultOf(ImageTransferResult result) => result switch
    {
        ImageTransferResult.Done => ActionResult.Success,
        ImageTransferResult.InProgress or ImageTransferResult.WrongOrder or ImageTransferResult.Incomplete or ImageTransferResult.NotEnabled => ActionResult.TemporaryFailure,
        ImageTransferResult.StorageFailure => ActionResult.HardwareFault,
        _ => ActionResult.OtherReason,
    };
}
