namespace Latchkey.Meter.Hal;

/// <summary>A byte-addressed memory that survives power loss, written page-wise (EEPROM, FRAM). Never throws on what it holds.</summary>
public interface INonVolatileMemory
{
    /// <summary>Bytes in all.</summary>
    int Size { get; }

    /// <summary>Bytes that one write may touch at most; a write never crosses a page boundary.</summary>
    int PageSize { get; }

    /// <summary>Reads; what a torn write left behind is anything.</summary>
    void Read(int address, Span<byte> destination);

    /// <summary>Programs bytes inside one page and returns when the memory has finished. False when it did not answer.</summary>
    /// <remarks>True is no proof: whoever depends on it reads back. If power fails on the way the call does not return.</remarks>
    bool TryWrite(int address, ReadOnlySpan<byte> bytes);
}
