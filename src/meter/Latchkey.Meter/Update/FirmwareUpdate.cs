using System.Collections.Immutable;
using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Update;

/// <summary>
/// New firmware into the spare slot, block by block in any order, through power cuts and repeats; verified, activated, and given back when it
/// does not come up. Shaped for COSEM's image transfer; metering and credit go on all the while.
/// </summary>
/// <remarks>Source: IEC 62056-6-2, Image transfer (class_id 18, version 0). Safe against any caller: what it is given is hostile until the signature holds.</remarks>
public sealed class FirmwareUpdate : IDisposable
{
    private const int ConfirmAfterMs = 60_000;
    private readonly FirmwareStore? _store;
    private readonly FirmwareKey? _key;
    private readonly ushort _model;
    private readonly IServiceSeal _seal;
    private readonly uint _builtIn;
    private bool[] _received = [];
    private ImageCheck? _check;
    private bool _isTrialOpen;

    internal FirmwareUpdate(INonVolatileMemory? memory, FirmwareKey? key, ushort model, IServiceSeal seal, uint builtInVersion)
    {
        (_key, _model, _seal, _builtIn) = (key, model, seal, builtInVersion);
        if (memory is not null && key is not null) _store = new FirmwareStore(memory);
        Running = new BootChoice(BootControl.Factory, null, IsTrial: false, ImageVerdict.None);
    }

    /// <summary>What runs, as the boot loader chose it at this start.</summary>
    public BootChoice Running { get; private set; }

    /// <summary>The version that runs, as <c>major * 65536 + minor * 256 + patch</c>.</summary>
    public uint RunningVersion => Running.Version ?? _builtIn;

    /// <summary>False where there is no program memory or no key, or where the owner has switched transfers off (attribute 5).</summary>
    public bool IsEnabled { get => field && _store is not null; set; } = true;

    /// <summary>Bytes of every block but the last (attribute 2).</summary>
    public int BlockSize => _store?.BlockSize ?? 0;

    /// <summary>Bytes of the longest image that fits.</summary>
    public long Capacity => _store is null ? 0 : (long)_store.Blocks * _store.BlockSize;

    /// <summary>Attribute 6.</summary>
    public ImageTransferStatus Status => _store?.Control.Status ?? ImageTransferStatus.NotInitiated;

    /// <summary>What the last verification or start found.</summary>
    public ImageVerdict Verdict => _store?.Control.Verdict ?? ImageVerdict.None;

    /// <summary>Blocks of the image under transfer.</summary>
    public int BlockCount => _received.Length;

    /// <summary>Attribute 4: the first block that is missing, or <see cref="BlockCount"/>.</summary>
    public int FirstBlockNotTransferred => Array.IndexOf(_received, value: false) is >= 0 and int missing ? missing : _received.Length;

    /// <summary>Attribute 3: one bit for each block, the first in the highest bit of the first byte.</summary>
    public ImmutableArray<byte> TransferredBlocks
    {
        get
        {
            byte[] bits = new byte[(_received.Length + 7) / 8];
            for (int i = 0; i < _received.Length; i++)
            {
                if (_received[i]) bits[i / 8] |= (byte)(0x80 >> (i % 8));
            }

            return [.. bits];
        }
    }

    /// <summary>Attribute 7: what verification has found good.</summary>
    public ImmutableArray<ImageToActivate> ImagesToActivate
    {
        get
        {
            if (_store is null || Status is not ImageTransferStatus.VerificationSuccessful) return [];
            Span<byte> header = stackalloc byte[ImageHeader.Length];
            _store.Read(_store.Control.Spare, 0, header);
            return [new ImageToActivate(_store.Control.TransferSize, _store.Control.Identifier.AsMemory(), header[ImageHeader.SignedLength..].ToArray())];
        }
    }

    /// <summary>True from a successful activation until the meter has started anew: the application should end and be started.</summary>
    public bool IsRestartDue { get; private set; }

    /// <summary>Begins a transfer (method 1); one that was under way is dropped, unless it is this very one: then it is resumed.</summary>
    public ImageTransferResult Initiate(ReadOnlySpan<byte> identifier, uint size)
    {
        if (!IsEnabled) return ImageTransferResult.NotEnabled;
        BootControl control = _store!.Control;
        if (control.Trial != BootControl.Factory) return ImageTransferResult.WrongOrder;
        if (size <= ImageHeader.Length || size > Capacity || identifier.Length > BootControl.MaxIdentifier) return ImageTransferResult.SizeRefused;
        bool isSame = control.Status == ImageTransferStatus.Initiated && control.TransferSize == size && control.Identifier.AsSpan().SequenceEqual(identifier);
        if (isSame) return ImageTransferResult.Done;
        EndCheck();
        bool held = _store.TryCommit(control with
        {
            Status = ImageTransferStatus.Initiated,
            Verdict = ImageVerdict.None,
            TransferSize = size,
            TransferId = control.Sequence + 1,
            Identifier = [.. identifier],
        });
        if (!held) return ImageTransferResult.StorageFailure;
        FindBlocks();
        return ImageTransferResult.Done;
    }

    /// <summary>Takes a block (method 2). A block that came before is taken again: repeating is never wrong.</summary>
    public ImageTransferResult Block(uint number, ReadOnlySpan<byte> bytes)
    {
        if (!IsEnabled) return ImageTransferResult.NotEnabled;
        if (Status != ImageTransferStatus.Initiated) return ImageTransferResult.WrongOrder;
        if (number >= _received.Length || bytes.Length != LengthOf((int)number)) return ImageTransferResult.BlockRefused;
        int index = (int)number;
        _received[index] = false;
        if (!_store!.TryWriteBlock(_store.Control.Spare, index, bytes)) return ImageTransferResult.StorageFailure;
        _received[index] = true;
        return ImageTransferResult.Done;
    }

    /// <summary>Asks for the verdict (method 3). The work is done in <see cref="Poll"/>; call again, or watch the status.</summary>
    public ImageTransferResult Verify()
    {
        if (!IsEnabled) return ImageTransferResult.NotEnabled;
        switch (Status)
        {
            case ImageTransferStatus.VerificationSuccessful: return ImageTransferResult.Done;
            case ImageTransferStatus.VerificationFailed: return ImageTransferResult.ImageRefused;
            case ImageTransferStatus.VerificationInitiated: return ImageTransferResult.InProgress;
            case ImageTransferStatus.Initiated: break;
            default: return ImageTransferResult.WrongOrder;
        }

        if (FirstBlockNotTransferred < _received.Length) return ImageTransferResult.Incomplete;
        return _store!.TryCommit(_store.Control with { Status = ImageTransferStatus.VerificationInitiated })
            ? ImageTransferResult.InProgress
            : ImageTransferResult.StorageFailure;
    }

    /// <summary>Makes the verified image the next to be tried (method 4) and asks for a restart.</summary>
    public ImageTransferResult Activate()
    {
        if (!IsEnabled) return ImageTransferResult.NotEnabled;
        if (IsRestartDue) return ImageTransferResult.InProgress;
        if (Status != ImageTransferStatus.VerificationSuccessful) return ImageTransferResult.WrongOrder;
        BootControl control = _store!.Control;
        bool held = _store.TryCommit(control with { Trial = control.Spare, TrialStarts = BootLoader.TrialStarts, Status = ImageTransferStatus.ActivationInitiated });
        if (!held) return ImageTransferResult.StorageFailure;
        IsRestartDue = true;
        return ImageTransferResult.InProgress;
    }

    /// <summary>The boot loader's turn, before anything else at a start.</summary>
    internal void Start()
    {
        if (_store is null) return;
        Running = BootLoader.Choose(_store, _key, _model);
        _isTrialOpen = Running.IsTrial;
        FindBlocks();
    }

    /// <summary>A piece of the verification, and the proof of a tried image: a minute of work with the memory sound.</summary>
    /// <returns>What is to be told, or <see cref="ImageTransferStatus.NotInitiated"/> for nothing.</returns>
    internal ImageTransferStatus Poll(long nowMs, bool isSound)
    {
        if (_store is null) return ImageTransferStatus.NotInitiated;
        if (_isTrialOpen && isSound && nowMs >= ConfirmAfterMs) return Confirm();
        return Status == ImageTransferStatus.VerificationInitiated ? Look() : ImageTransferStatus.NotInitiated;
    }

    /// <summary>True while a verification wants its next turn.</summary>
    internal bool IsWorking => Status == ImageTransferStatus.VerificationInitiated;

    public void Dispose() => EndCheck();

    private ImageTransferStatus Confirm()
    {
        BootControl control = _store!.Control;
        _isTrialOpen = false;
        bool held = _store.TryCommit(control with
        {
            Active = control.Trial, Trial = BootControl.Factory, TrialStarts = 0, Status = ImageTransferStatus.ActivationSuccessful,
        });
        if (!held) return ImageTransferStatus.NotInitiated;
        Running = Running with { IsTrial = false };
        _received = [];
        return ImageTransferStatus.ActivationSuccessful;
    }

    private ImageTransferStatus Look()
    {
        _check ??= ImageCheck.Begin(_store!, _store!.Control.Spare, _store.Control.TransferSize, _key!, _model);
        _check.Step();
        if (_check.Verdict == ImageVerdict.None) return ImageTransferStatus.NotInitiated;
        ImageVerdict verdict = Judge(_check);
        EndCheck();
        ImageTransferStatus status = verdict == ImageVerdict.Good ? ImageTransferStatus.VerificationSuccessful : ImageTransferStatus.VerificationFailed;
        return _store!.TryCommit(_store.Control with { Status = status, Verdict = verdict }) ? status : ImageTransferStatus.NotInitiated;
    }

    private ImageVerdict Judge(ImageCheck check)
    {
        if (check.Verdict != ImageVerdict.Good || _seal.IsOpen) return check.Verdict;
        if (check.Header!.Kind == ImageKind.Metrology) return ImageVerdict.SealClosed;
        return check.Header.Version < RunningVersion ? ImageVerdict.Older : ImageVerdict.Good;
    }

    private void FindBlocks()
    {
        BootControl control = _store!.Control;
        bool holds = control.Status is >= ImageTransferStatus.Initiated and <= ImageTransferStatus.VerificationFailed;
        _received = holds ? new bool[(control.TransferSize + (uint)BlockSize - 1) / (uint)BlockSize] : [];
        for (int i = 0; i < _received.Length; i++) _received[i] = _store.Holds(control.Spare, i);
    }

    private int LengthOf(int number) => (int)Math.Min(BlockSize, _store!.Control.TransferSize - ((long)number * BlockSize));

    private void EndCheck()
    {
        _check?.Dispose();
        _check = null;
    }
}
