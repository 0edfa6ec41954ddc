"""Right answers to the exercises of chapter 1, as students write them, and wrong ones."""

import itertools

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity
from torch import nn

# 1.1


def pca_numpy(x, z_dim):
    x = np.asarray(x)
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(x.T))
    v = vectors[:, ::-1][:, :z_dim]
    return mean + (x - mean) @ v @ v.T


def pca_sklearn(x, z_dim):
    model = PCA(n_components=z_dim).fit(x)
    return model.inverse_transform(model.transform(x))


def pca_truncated(x, z_dim):
    mean = torch.mean(x, dim=0, keepdim=True)
    u, s, vh = torch.linalg.svd(x - mean)
    return mean + u[:, :z_dim] * s[:z_dim] @ vh[:z_dim]


def pca_images_side(x, z_dim):
    """Through the matrix of scalar products of the images."""
    centred = x - x.mean(0)
    _, u = torch.linalg.eigh(centred @ centred.T)
    u = u[:, -z_dim:]
    return x.mean(0) + u @ (u.T @ centred)


def pca_not_centred(x, z_dim):
    _, v = np.linalg.eigh(np.asarray(x).T @ np.asarray(x))
    return np.asarray(x) @ v[:, -z_dim:] @ v[:, -z_dim:].T


def pca_wrong_end(x, z_dim):
    """Takes eigh's first eigenvectors for the largest."""
    mean = x.mean(0)
    v = torch.linalg.eigh(torch.cov(x.T)).eigenvectors[:, :z_dim]
    return (x - mean) @ v @ v.T + mean


def pca_forgets_mean(x, z_dim):
    model = PCA(z_dim).fit(x)
    return model.transform(x) @ model.components_


def pca_standardised(x, z_dim):
    mean, std = x.mean(0), x.std(0)
    return pca_truncated((x - mean) / std, z_dim) * std + mean


# 1.2


def loss_einsum(x, x_hat):
    return torch.einsum("id,id->i", x - x_hat, x - x_hat).mean()


def loss_loop(x, x_hat):
    return sum(float(np.sum((np.asarray(a) - np.asarray(b)) ** 2)) for a, b in zip(x, x_hat, strict=True)) / len(x)


# 1.3


def nets_classes(x_dim, h_dim, z_dim):
    class Mlp(nn.Module):
        def __init__(self, i, o):
            super().__init__()
            self.hidden, self.out = nn.Linear(i, h_dim), nn.Linear(h_dim, o)

        def forward(self, inputs):
            return self.out(F.relu(self.hidden(inputs)))

    return Mlp(x_dim, z_dim), Mlp(z_dim, x_dim)


def nets_ordered(x_dim, h_dim, z_dim):
    sizes = [x_dim, h_dim, z_dim]
    layers = [[nn.Linear(a, b) for a, b in itertools.pairwise(s)] for s in (sizes, sizes[::-1])]
    return [nn.Sequential(first, nn.ReLU(inplace=True), second) for first, second in layers]


def nets_ended(end_f=None, end_g=None):
    def make(*sizes):
        f, g = nets_ordered(*sizes)
        return nn.Sequential(f, end_f or nn.Identity()), nn.Sequential(g, end_g or nn.Identity())

    return make


def nets_linear(x_dim, h_dim, z_dim):
    def net(a, b):
        return nn.Sequential(nn.Linear(a, h_dim), nn.Linear(h_dim, b))

    return net(x_dim, z_dim), net(z_dim, x_dim)


def nets_narrow_decoder(x_dim, h_dim, z_dim):
    return nets_classes(x_dim, h_dim, z_dim)[0], nn.Linear(z_dim, x_dim)


# 1.4


def sample_mixture(decode, codes, n, **settings):
    model = GaussianMixture(**({"n_components": 12} | settings)).fit(np.asarray(codes, dtype=float))
    z, _ = model.sample(n)
    return decode(torch.from_numpy(z).float())


def sample_jitter(decode, codes, n):
    """A kernel density estimate: a training code and a little noise."""
    z = codes[torch.randint(0, len(codes), (n,))]
    return decode(z + 0.12 * torch.randn_like(z))


def sample_kernel(decode, codes, n):
    return decode(KernelDensity(bandwidth=0.1).fit(codes).sample(n).astype(np.float32))


def sample_clusters(decode, codes, n):
    """K-means, then a normal for each cluster."""
    label = torch.tensor(KMeans(10, n_init=3, random_state=0).fit_predict(codes))
    images = []
    for k in label[torch.randint(len(label), (n,))]:
        own = codes[label == k]
        images.append(decode(torch.distributions.MultivariateNormal(own.mean(0), own.T.cov()).sample()))
    return torch.stack(images)


def sample_one_normal(decode, codes, n):
    z = np.random.multivariate_normal(codes.numpy().mean(0), np.cov(codes.numpy().T), n)  # noqa: NPY002
    return decode(torch.tensor(z).float())


def sample_prior(decode, codes, n):
    return decode(torch.distributions.Normal(0, 1).sample((n, codes.shape[1]))).numpy()


def sample_means(decode, codes, n):
    means = torch.tensor(GaussianMixture(10, random_state=0).fit(codes.double()).means_)
    return decode(means[torch.randint(10, (n,))])


def sample_interpolated(decode, codes, n):
    a, b = codes[torch.randperm(len(codes))[:250]], codes[torch.randperm(len(codes))[:250]]
    return decode(torch.cat([a + t * (b - a) for t in (0.4, 0.6)])[:n])


def sample_first_cluster(decode, codes, n):
    label = KMeans(4, n_init=3, random_state=0).fit_predict(codes)
    own = codes[label == np.bincount(label).argmax()]
    return decode(own[torch.randint(len(own), (n,))] + 0.1 * torch.randn(n, codes.shape[1]))


def sample_wide_kernel(decode, codes, n):
    z = codes[torch.randint(0, len(codes), (n,))]
    return decode(z + 1.5 * torch.randn_like(z))


# 1.5


def twin_scaled(weight_f, bias_f, weight_g):
    return 2 * weight_f, 2 * bias_f, weight_g / 2


def twin_rotated(weight_f, bias_f, weight_g):
    r = torch.linalg.qr(torch.randn(len(bias_f), len(bias_f), dtype=weight_f.dtype)).Q
    return r @ weight_f, r @ bias_f, weight_g @ r.T


def twin_solved(weight_f, bias_f, weight_g, r=((1.0, 2.0, 0.5), (-1.0, 1.0, 3.0), (0.0, 0.4, 1.0))):
    r = torch.tensor(r, dtype=weight_f.dtype)
    return r @ weight_f, (r @ bias_f[:, None])[:, 0], torch.linalg.solve(r.T, weight_g.T).T


def twin_numpy(weight_f, bias_f, weight_g):
    r = np.diag([1.0, -3.0, 0.5]) + np.eye(3, k=1)
    weight_f, bias_f, weight_g = (np.asarray(v, dtype=float) for v in (weight_f, bias_f, weight_g))
    return [r @ weight_f, r @ bias_f, weight_g @ np.linalg.inv(r)]


def twin_forgets_bias(weight_f, bias_f, weight_g):
    return 3 * weight_f, bias_f, weight_g / 3


def twin_transposed(weight_f, bias_f, weight_g):
    weight, bias, _ = twin_solved(weight_f, bias_f, weight_g)
    r = weight @ torch.linalg.pinv(weight_f)
    return weight, bias, weight_g @ r.T


def twin_projected(weight_f, bias_f, weight_g):
    r = torch.diag(torch.tensor([2.0, 3.0, 0.0], dtype=weight_f.dtype))
    return r @ weight_f, r @ bias_f, weight_g @ torch.linalg.pinv(r)


RIGHT = {
    "1.1": [pca_numpy, pca_sklearn, pca_truncated, pca_images_side],
    "1.2": [loss_einsum, loss_loop, lambda x, y: np.mean(np.sum((x - y) ** 2, axis=1)),
            lambda x, y: F.mse_loss(y, x, reduction="sum") / len(x)],
    "1.3": [nets_classes, nets_ordered],
    "1.4": [sample_mixture, sample_jitter, sample_kernel, sample_clusters],
    "1.5": [twin_scaled, twin_rotated, twin_solved, twin_numpy],
}  # fmt: skip

UNNAMED = {
    "1.1": [lambda x, j: 0.9 * pca_truncated(x, j), lambda x, j: pca_truncated(x.abs(), j)],
    "1.2": [lambda x, y: 0.3 * loss_einsum(x, y), lambda x, y: loss_einsum(x, y) + 0.1, lambda x, y: (x - y) ** 2],
    "1.3": [nets_narrow_decoder, lambda *sizes: nets_classes(sizes[0], sizes[1] + 1, sizes[2]), nets_ended(nn.ELU())],
    "1.4": [sample_wide_kernel, lambda decode, codes, n: decode(codes[: n - 1]), lambda decode, codes, n: codes.mean()],
    "1.5": [lambda w, b, g: (w, b), lambda w, b, g: (w.abs(), b, g), lambda w, b, g: (2 * w, 2 * b, g / 4)],
}

NAMED = [
    ("1.1", pca_not_centred, "not centred"),
    ("1.1", pca_wrong_end, "smallest components"),
    ("1.1", pca_forgets_mean, "mean not added back"),
    ("1.1", pca_standardised, "divided by the std"),
    ("1.1", lambda x, j: pca_truncated(x, j + 1), "one direction too many"),
    ("1.2", lambda x, y: F.mse_loss(y, x), "mean of everything"),
    ("1.2", lambda x, y: np.linalg.norm(x - y, axis=1).mean(), "root"),
    ("1.2", lambda x, y: torch.linalg.norm(x - y) ** 2, "sum of everything"),
    ("1.2", lambda x, y: F.l1_loss(y, x, reduction="sum") / len(x), "not squared"),
    ("1.2", lambda x, y: ((x - y) ** 2).sum(0).mean(), "mean over D, sum over N"),
    ("1.2", lambda x, y: np.sqrt(np.mean((x - y) ** 2)), "root of the mean"),
    ("1.3", nets_linear, "no activation"),
    ("1.3", nets_ended(end_g=nn.Sigmoid()), "activation on the output"),
    ("1.3", nets_ended(end_f=nn.ReLU()), "activation on the code"),
    ("1.3", lambda x, h, z: nets_classes(x, z, h), "hidden and code sizes swapped"),
    ("1.4", sample_prior, "N(0, I)"),
    ("1.4", sample_one_normal, "one normal"),
    ("1.4", sample_means, "no spread"),
    ("1.4", sample_interpolated, "between two codes"),
    ("1.4", sample_first_cluster, "part left out"),
    ("1.4", lambda decode, codes, n: decode(codes).repeat(2, 1)[:n], "training codes again"),
    ("1.4", lambda decode, codes, n: decode(codes.mean(0)).repeat(n, 1), "the same image again"),
    ("1.5", twin_forgets_bias, "bias left as it was"),
    ("1.5", twin_transposed, "Rᵀ for R⁻¹"),
    ("1.5", twin_projected, "singular R"),
    ("1.5", lambda w, b, g: (2 * w, 2 * b, g), "R not undone"),
    ("1.5", lambda w, b, g: (2 * w, 2 * b, 2 * g), "R applied twice"),
    ("1.5", lambda w, b, g: (w, b, g), "nothing changed"),
]
