using Latchkey.Sts;

namespace Latchkey.Vending.SecurityModules;

/// <summary>
/// An STS security module: it keeps vending keys and makes whole tokens from attributes. There is no operation that encrypts bytes for anybody and
/// none by which a vending key or a meter's key leaves it.
/// </summary>
/// <remarks>
/// No member throws for what the module or its line does; that is an answer. An implementation may be called by one caller at a time. The same request
/// makes the same token: the four random bits come with it. What the module counts towards its own limit when it is asked twice is its own affair.
/// </remarks>
public interface ISecurityModule
{
    ModuleIdentity Identity { get; }

    /// <summary>The keys it holds, with their limits and what it has counted on each.</summary>
    Task<ModuleAnswer<IReadOnlyList<ModuleKey>>> KeysAsync(CancellationToken cancellationToken);

    /// <summary>Loads a key-load file that the Key Management Centre made for this module; any other is refused. Answers with the keys it brought.</summary>
    Task<ModuleAnswer<IReadOnlyList<ModuleKey>>> LoadKeyFileAsync(ReadOnlyMemory<byte> keyLoadFile, CancellationToken cancellationToken);

    Task<ModuleAnswer<TokenNumber>> MakeCreditTokenAsync(ModuleCreditRequest request, CancellationToken cancellationToken);

    Task<ModuleAnswer<TokenNumber>> MakeManagementTokenAsync(ModuleManagementRequest request, CancellationToken cancellationToken);

    /// <summary>The set that takes a meter from one key to another, in the order in which it is typed.</summary>
    Task<ModuleAnswer<IReadOnlyList<TokenNumber>>> MakeKeyChangeTokensAsync(ModuleKeyChangeRequest request, CancellationToken cancellationToken);
}

/// <param name="ModuleId">As the maker and the Key Management Centre know it; key-load files are made for it.</param>
/// <param name="IsDevelopment">True for stand-ins and test modules: every receipt says so.</param>
public sealed record ModuleIdentity(string ModuleId, bool IsDevelopment);

/// <summary>A vending key in a module.</summary>
/// <param name="Terms">Supply group, revision, type, base date, activation and issued-until.</param>
/// <param name="CheckValue">Tells keys apart without showing them.</param>
/// <param name="CreditLimit">The limit that the module itself enforces, 0 to 4 294 967 295 units of its own; null where it has none.</param>
/// <param name="CreditUsed">What it has counted towards the limit.</param>
public sealed record ModuleKey(SigningKeyTerms Terms, string CheckValue, uint? CreditLimit, uint CreditUsed);

/// <param name="Token">Its amount, identifier and random bits.</param>
public sealed record ModuleCreditRequest(DecoderKeyAttributes Meter, CreditToken Token);

public sealed record ModuleManagementRequest(DecoderKeyAttributes Meter, ManagementToken Token);

/// <param name="Form">Two, three or four tokens.</param>
public sealed record ModuleKeyChangeRequest(DecoderKeyAttributes From, DecoderKeyAttributes To, KeyChangeForm Form);
