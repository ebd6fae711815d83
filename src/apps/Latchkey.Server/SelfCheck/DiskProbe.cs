using System.Globalization;

namespace Latchkey.Server.SelfCheck;

/// <summary>There is room left where the books lie.</summary>
/// <param name="freeBytes">What is left there now.</param>
internal sealed class DiskProbe(Func<long> freeBytes) : IVitalProbe
{
    public const string Disk = "disk", Low = "disk-low", Full = "disk-full";
    internal const long LowBytes = 1L << 30, FullBytes = 64L << 20;

    public IReadOnlyList<string> Names { get; } = [Disk];

    public bool IsOfTheServer => true;

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <summary>Of the file system that holds a directory.</summary>
    public static DiskProbe Of(string directory) => new(() => new DriveInfo(directory).AvailableFreeSpace);

    public ValueTask<IReadOnlyList<Vital>> LookAsync(CancellationToken cancellationToken)
    {
        long free = freeBytes();
        string detail = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MiB are left for the data directory; make room there, sales are refused when nothing can be written");
        Vital found = free < FullBytes ? new Vital(Disk, VitalState.Failing, Full, detail) : free < LowBytes ? new Vital(Disk, VitalState.Warning, Low, detail) : Vital.Well(Disk);
        return ValueTask.FromResult<IReadOnlyList<Vital>>([found]);
    }
}
