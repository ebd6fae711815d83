namespace Latchkey.Meter.Update;

/// <summary>How far a transfer of new firmware has got. The numbers are stored and are those of image_transfer_status.</summary>
/// <remarks>Source: IEC 62056-6-2, Image transfer (class_id 18, version 0), attribute 6.</remarks>
public enum ImageTransferStatus : byte
{
    NotInitiated = 0,
    Initiated = 1,
    VerificationInitiated = 2,
    VerificationSuccessful = 3,
    VerificationFailed = 4,
    ActivationInitiated = 5,
    ActivationSuccessful = 6,
    ActivationFailed = 7,
}

/// <summary>What the meter answers to one step of a transfer.</summary>
public enum ImageTransferResult : byte
{
    Done = 0,

    /// <summary>Begun and not finished: ask for the status, or call again. COSEM's temporary-failure.</summary>
    InProgress = 1,

    /// <summary>This meter takes no firmware: it has no store or no key, or the transfer is switched off.</summary>
    NotEnabled = 2,

    /// <summary>The step does not fit the status.</summary>
    WrongOrder = 3,

    /// <summary>Longer than a slot, empty, or an identifier that is too long.</summary>
    SizeRefused = 4,

    /// <summary>No such block, or not as long as it must be.</summary>
    BlockRefused = 5,

    /// <summary>Blocks are missing: the bitmap says which.</summary>
    Incomplete = 6,

    /// <summary>Looked at and refused; <see cref="FirmwareUpdate.Verdict"/> says why.</summary>
    ImageRefused = 7,

    /// <summary>The memory does not hold what is written.</summary>
    StorageFailure = 8,
}

/// <summary>Why an image may or may not run, in the order of the checks.</summary>
public enum ImageVerdict : byte
{
    /// <summary>Not looked at.</summary>
    None = 0,
    Good = 1,
    NotAnImage = 2,
    LengthDiffers = 3,
    OtherModel = 4,
    NotAuthentic = 5,
    Damaged = 6,

    /// <summary>An image of the metrology while the seal is closed.</summary>
    SealClosed = 7,

    /// <summary>An older version while the seal is closed: known weaknesses must not be brought back.</summary>
    Older = 8,
}

/// <summary>One image that may be activated.</summary>
/// <param name="Size">Bytes, header included.</param>
/// <param name="Identification">What the sender called it when it initiated the transfer.</param>
/// <param name="Signature">The signature in its header.</param>
public sealed record ImageToActivate(uint Size, ReadOnlyMemory<byte> Identification, ReadOnlyMemory<byte> Signature);
