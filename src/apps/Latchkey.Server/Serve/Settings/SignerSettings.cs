namespace Latchkey.Server.Serve.Settings;

/// <summary>Who makes the tokens, and where the vending keys are. No secret is in it: a PIN lies in a file of its own or in the environment.</summary>
public abstract record SignerSettings
{
    private SignerSettings()
    {
    }

    /// <summary>In this process, with keys in software: for development.</summary>
    public sealed record InSoftware : SignerSettings;

    /// <summary>In this process, with keys in a PKCS#11 token.</summary>
    /// <param name="Library">The library of the token's maker.</param>
    /// <param name="Token">The token's label.</param>
    /// <param name="PinFile">A file with the PIN that its owner alone may read; null takes it from the environment.</param>
    public sealed record InToken(string Library, string Token, string? PinFile) : SignerSettings;

    /// <summary>In a process of its own on this machine, <c>latchkey signer run</c>.</summary>
    /// <param name="Socket">Where it listens.</param>
    /// <param name="User">Name or number of the user as whom it must run; null expects the server's own.</param>
    /// <param name="Timeout">Past it nobody knows what became of a request, and the order stays held.</param>
    /// <param name="ReconcileTimeout">The same of a reconciliation, which reads everything.</param>
    public sealed record Apart(string Socket, string? User, TimeSpan Timeout, TimeSpan ReconcileTimeout) : SignerSettings;
}
