namespace Latchkey.Server.Demo;

/// <summary>How a made-up park is served.</summary>
public sealed record DemoServerOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>Where the portal listens; its first address is also where WeChat Pay's stand-in sends its notifications.</summary>
    public required string Urls { get; init; }

    /// <summary>World seconds per second: 1 is real time, 60 shows a day in 24 minutes.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How many days the park has lived when it is first opened, so that there is something to see.</summary>
    public int DaysOfHistory { get; init; } = 2;

    public int Seed { get; init; } = 1;

    public bool Quiet { get; init; }
}

/// <summary>What a person needs to look around; printed once and kept nowhere.</summary>
/// <param name="Portal">The portal's address.</param>
/// <param name="SignIns">Name and password of each account.</param>
/// <param name="ApiKey">For <c>X-Api-Key</c>.</param>
/// <param name="Phone">The page that shows what the tenants' phones received.</param>
/// <param name="FirstMeter">A meter to try.</param>
public sealed record DemoWelcome(Uri Portal, IReadOnlyList<(string Name, string Password, string What)> SignIns, string ApiKey, Uri Phone, string FirstMeter);
