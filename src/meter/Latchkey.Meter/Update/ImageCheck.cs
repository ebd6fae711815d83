using System.Security.Cryptography;

namespace Latchkey.Meter.Update;

/// <summary>Judges the image of a slot, a few blocks at a time: hashing 100 KiB at once would keep somebody at the keypad waiting.</summary>
internal sealed class ImageCheck : IDisposable
{
    private const int BlocksPerStep = 8;
    private readonly FirmwareStore _store;
    private readonly int _slot;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _piece;
    private int _offset = ImageHeader.Length;

    private ImageCheck(FirmwareStore store, int slot, ImageHeader? header, ImageVerdict verdict)
    {
        (_store, _slot, Header, Verdict) = (store, slot, header, verdict);
        _piece = new byte[store.BlockSize * BlocksPerStep];
    }

    public ImageHeader? Header { get; }

    /// <summary><see cref="ImageVerdict.None"/> until the last step.</summary>
    public ImageVerdict Verdict { get; private set; }

    /// <summary>Looks at the header and its signature.</summary>
    /// <param name="store">The program memory.</param>
    /// <param name="slot">Which slot.</param>
    /// <param name="size">How long the image was said to be, or null for as long as its header says.</param>
    /// <param name="key">The maker's.</param>
    /// <param name="model">The hardware's.</param>
    public static ImageCheck Begin(FirmwareStore store, int slot, uint? size, FirmwareKey key, ushort model)
    {
        Span<byte> bytes = stackalloc byte[ImageHeader.Length];
        store.Read(slot, 0, bytes);
        if (!ImageHeader.TryRead(bytes, out ImageHeader? header)) return new ImageCheck(store, slot, null, ImageVerdict.NotAnImage);
        long capacity = (long)store.Blocks * store.BlockSize;
        long length = (long)header!.BodyLength + ImageHeader.Length;
        if (header.BodyLength == 0 || length > capacity || (size is { } said && said != length)) return new ImageCheck(store, slot, header, ImageVerdict.LengthDiffers);
        if (header.Model != 0 && header.Model != model) return new ImageCheck(store, slot, header, ImageVerdict.OtherModel);
        bool authentic = key.Verifies(bytes[..ImageHeader.SignedLength], header.Signature.Span);
        return new ImageCheck(store, slot, header, authentic ? ImageVerdict.None : ImageVerdict.NotAuthentic);
    }

    /// <summary>Hashes the next piece.</summary>
    public void Step()
    {
        if (Verdict != ImageVerdict.None) return;
        int end = ImageHeader.Length + (int)Header!.BodyLength;
        int count = Math.Min(_piece.Length, end - _offset);
        _store.Read(_slot, _offset, _piece.AsSpan(0, count));
        _hash.AppendData(_piece, 0, count);
        _offset += count;
        if (_offset < end) return;
        Span<byte> found = stackalloc byte[ImageHeader.HashLength];
        _hash.GetHashAndReset(found);
        Verdict = found.SequenceEqual(Header.BodyHash.Span) ? ImageVerdict.Good : ImageVerdict.Damaged;
    }

    /// <summary>All of it at once, where nobody waits: before the application runs.</summary>
    public ImageVerdict Finish()
    {
        while (Verdict == ImageVerdict.None) Step();
        return Verdict;
    }

    public void Dispose() => _hash.Dispose();
}
