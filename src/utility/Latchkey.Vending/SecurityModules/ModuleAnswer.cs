namespace Latchkey.Vending.SecurityModules;

/// <summary>What a security module says. Every maker's own codes are brought to these; the numbers go into logs.</summary>
public enum ModuleResult
{
    Done = 0,

    /// <summary>It has no such key.</summary>
    KeyNotLoaded = 1,

    /// <summary>The key's activation time has not come.</summary>
    KeyNotActive = 2,

    /// <summary>The key's issued-until time has passed.</summary>
    IssueUntilPassed = 3,

    /// <summary>The token would pass the credit limit that the module enforces.</summary>
    CreditLimitReached = 4,

    /// <summary>The key expiry number does not allow the token's identifier.</summary>
    KeyExpired = 5,

    /// <summary>Not with this module: a manufacturing module makes no credit tokens.</summary>
    NotPermitted = 6,

    /// <summary>Attributes that do not belong together, or an algorithm that the key cannot serve.</summary>
    AttributesRefused = 7,

    /// <summary>The key-load file is damaged, or made for another module.</summary>
    KeyFileRefused = 8,

    /// <summary>It is doing something else; nothing was done, ask again.</summary>
    Busy = 9,

    /// <summary>No answer came in time, or the line broke: nobody knows whether it was done.</summary>
    NoAnswer = 10,
}

/// <summary>An answer with its value, which is there when <see cref="Result"/> is Done and not otherwise.</summary>
public sealed record ModuleAnswer<T>(ModuleResult Result, T? Value)
{
    public bool IsDone => Result == ModuleResult.Done;
}

/// <summary>Short forms.</summary>
public static class ModuleAnswer
{
    public static ModuleAnswer<T> Done<T>(T value) => new(ModuleResult.Done, value);

    public static ModuleAnswer<T> No<T>(ModuleResult why) => new(why, default);

    /// <summary>The code that a customer's order ends with; <c>signer-unavailable</c> ends nothing.</summary>
    public static string CodeOf(ModuleResult result) => result switch
    {
        ModuleResult.KeyNotLoaded => VendingCodes.KeyMissing,
        ModuleResult.KeyNotActive or ModuleResult.IssueUntilPassed => VendingCodes.KeyNotActive,
        ModuleResult.CreditLimitReached => VendingCodes.CreditLimit,
        ModuleResult.KeyExpired => VendingCodes.KeyExpired,
        ModuleResult.AttributesRefused => VendingCodes.KeyAlgorithmMismatch,
        ModuleResult.Busy or ModuleResult.NoAnswer => VendingCodes.SignerUnavailable,
        _ => VendingCodes.ModuleRefused,
    };
}
