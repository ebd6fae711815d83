using System.CommandLine;
using Latchkey.Cli.Sellers;
using Latchkey.Custody;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Cli.Keys;

/// <summary>Where the vending keys are: in software, or in a PKCS#11 token whose PIN comes from a file or the environment and never from the command line.</summary>
internal sealed class CustodyOptions
{
    public const string PinVariable = "LATCHKEY_PKCS11_PIN";
    private const string InSoftware = "software", InToken = "pkcs11";

    private readonly Option<string> _custody = new("--custody") { Description = "software (development) or pkcs11 (DKGA04).", DefaultValueFactory = _ => InSoftware };
    private readonly Option<string?> _library = new("--pkcs11-library") { Description = "With pkcs11: the library of the token's maker." };
    private readonly Option<string?> _token = new("--pkcs11-token") { Description = "With pkcs11: the token's label." };
    private readonly Option<string?> _pin = new("--pin-file") { Description = $"With pkcs11: a file with the PIN, mode 600. Without it the PIN is taken from {PinVariable}." };

    public CustodyOptions(Command command)
    {
        foreach (Option option in new Option[] { _custody, _library, _token, _pin }) command.Options.Add(option);
    }

    /// <summary>True where a token was named.</summary>
    public bool IsInToken(ParseResult said) => said.GetValue(_custody) == InToken;

    /// <summary>As <see cref="Read(ParseResult, out Func{string, IKeyCustody})"/>; in a seller's directory its settings count where no option was said.</summary>
    public string? Read(ParseResult said, string directory, out Func<string, IKeyCustody> open)
    {
        open = CustodyKeyFile.OpenOrCreate;
        if (SellerHouse.SettingsOf(directory, out SellerSettings? settings) is { } fault) return fault;
        switch (settings?.Signer)
        {
            case SignerSettings.Apart:
                return $"the signer of '{directory}' is a process of its own, by signer.kind in {SettingsReader.FileName}; do this in the signer's directory";
            case SignerSettings.InToken token when said.GetResult(_custody) is null or { Implicit: true }:
                if (SellerSigner.Read(directory, token, out SellerSigner signer) is { } wrong) return wrong;
                open = signer.Custody!;
                return null;
            default:
                return Read(said, out open);
        }
    }

    /// <summary>Null and what opens the custody of a directory, or what is wrong with the options in words.</summary>
    public string? Read(ParseResult said, out Func<string, IKeyCustody> open)
    {
        open = CustodyKeyFile.OpenOrCreate;
        (string? library, string? token, string? pinFile) = (said.GetValue(_library), said.GetValue(_token), said.GetValue(_pin));
        switch (said.GetValue(_custody))
        {
            case InSoftware when library is null && token is null && pinFile is null: return null;
            case InSoftware: return "--pkcs11-library, --pkcs11-token and --pin-file belong to --custody pkcs11";
            case InToken: break;
            default: return "--custody is software or pkcs11";
        }

        if (library is null || token is null) return "--custody pkcs11 needs --pkcs11-library and --pkcs11-token";
        if (PinFile.Read(pinFile, PinVariable, out string pin) is { } wrong) return wrong;
        var options = new Pkcs11Options(library, token);
        open = _ => Pkcs11KeyCustody.Open(options, pin);
        return null;
    }
}
