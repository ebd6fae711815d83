using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Scheduling;

/// <summary>The memory with every write on the account of the turn that makes it.</summary>
internal sealed class ChargedMemory(INonVolatileMemory inner, WorkMeter work) : INonVolatileMemory
{
    public int Size => inner.Size;

    public int PageSize => inner.PageSize;

    public void Read(int address, Span<byte> destination)
    {
        work.Charge(WorkKind.MemoryByte, destination.Length);
        inner.Read(address, destination);
    }

    public bool TryWrite(int address, ReadOnlySpan<byte> bytes)
    {
        work.Charge(WorkKind.MemoryByte, bytes.Length);
        work.Charge(WorkKind.PageProgram);
        return inner.TryWrite(address, bytes);
    }
}
