namespace Latchkey.Server.SelfCheck;

/// <summary>How one thing stands that selling rests on. Numbers rise with what they mean.</summary>
public enum VitalState
{
    Well = 0,

    /// <summary>It works, and somebody should look before it does not.</summary>
    Warning = 1,

    Failing = 2,
}

/// <summary>One thing that selling rests on, as it was found.</summary>
/// <param name="Name">For example <c>database</c>.</param>
/// <param name="Code">A stable code, <c>ok</c> where nothing is wrong: all that strangers are told.</param>
/// <param name="Detail">What stands against it and what to do, for the log; null where it is well.</param>
public sealed record Vital(string Name, VitalState State, string Code, string? Detail)
{
    public const string Ok = "ok";

    public static Vital Well(string name) => new(name, VitalState.Well, Ok, null);
}

/// <summary>Looks at something that must work for the server to do its work, such as the database.</summary>
public interface IVitalProbe
{
    /// <summary>The names of what it finds.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>True where the server itself is of no use without it; false for what only selling needs, such as the signer.</summary>
    bool IsOfTheServer { get; }

    /// <summary>How often it is looked at.</summary>
    TimeSpan Every { get; }

    /// <summary>Everything under <see cref="Names"/>, without any secret. What it throws counts as failing.</summary>
    ValueTask<IReadOnlyList<Vital>> LookAsync(CancellationToken cancellationToken);
}
