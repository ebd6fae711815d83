using System.Runtime.InteropServices;

namespace Latchkey.Cli.Bench;

/// <summary>The machine a figure was measured on: a speed without it says nothing.</summary>
public sealed record MachineDescription(string Os, string Architecture, int Cores, string Runtime, long MemoryMiB)
{
    public static MachineDescription Current => new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20);
}
