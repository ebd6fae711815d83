namespace Latchkey.Simulator.Memory;

/// <summary>The cells of a non-volatile memory: what is left when everything else has lost power.</summary>
public interface INvmImage
{
    int Length { get; }

    void Read(int address, Span<byte> destination);

    void Write(int address, ReadOnlySpan<byte> bytes);
}

/// <summary>Cells in the memory of this process, erased to FF.</summary>
public sealed class MemoryNvmImage : INvmImage
{
    private readonly byte[] _cells;

    public MemoryNvmImage(int length = EepromModel.ImageSize)
    {
        _cells = new byte[length];
        _cells.AsSpan().Fill(0xFF);
    }

    private MemoryNvmImage(byte[] cells) => _cells = cells;

    public int Length => _cells.Length;

    /// <summary>All cells, to look at and to damage.</summary>
    public Span<byte> Cells => _cells;

    public MemoryNvmImage Copy() => new([.. _cells]);

    /// <summary>Makes another image of the same length equal to this one.</summary>
    public void CopyTo(MemoryNvmImage other) => _cells.CopyTo(other._cells, 0);

    public void Read(int address, Span<byte> destination) => _cells.AsSpan(address, destination.Length).CopyTo(destination);

    public void Write(int address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_cells.AsSpan(address));
}

/// <summary>Cells in a file. Each write reaches the operating system before it returns, so a killed process loses nothing.</summary>
public sealed class FileNvmImage : INvmImage, IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens the file, or makes it with erased cells.</summary>
    public FileNvmImage(string path, int length = EepromModel.ImageSize)
    {
        // No buffer of our own: what was written must not die with the process.
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        Length = length;
        if (_file.Length >= length) return;
        byte[] erased = new byte[length - (int)_file.Length];
        erased.AsSpan().Fill(0xFF);
        RandomAccess.Write(_file.SafeFileHandle, erased, _file.Length);
    }

    public int Length { get; }

    public void Read(int address, Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            int count = RandomAccess.Read(_file.SafeFileHandle, destination[done..], address + done);
            if (count == 0) throw new EndOfStreamException("The image file is shorter than the memory.");
            done += count;
        }
    }

    public void Write(int address, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_file.SafeFileHandle, bytes, address);

    public void Dispose() => _file.Dispose();
}
